"""Use cases of waits that end: staff asks, and whoever waits goes on, names other days or leaves the list (W18)."""

from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from waitlist.actions import expiring
from waitlist.models import WaitlistEntry


@verb(Kind.BESIDE)
def wait_on(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Lets a patient wait on who has said so, without a last wished day. Raises EntryClosed."""
    return expiring.wait_on(entry=entry, by=by)


@verb(Kind.BESIDE)
def expiring_not_reached(*, entry: UUID, by: Actor) -> None:
    """Puts off the question to a patient who did not answer. Raises NotClaimed."""
    expiring.not_reached(entry=entry, by=by)

"""The head looks after the team of the contact centre."""

from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from waitlist.actions import calls


@verb(Kind.BESIDE)
def take_call_over(*, claim: UUID, reason: str, by: Actor) -> None:
    """Ends the call of somebody else for a reason: what it was about is due again.

    How it ended is accepted from whoever made it all the same. Raises TakeReasonNeeded, CallOver.
    """
    calls.take_over(claim=claim, reason=reason, by=by)

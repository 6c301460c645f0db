"""Holds keep a time for a person while they fill in a form."""

from datetime import datetime
from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import site_holds, slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.queries.read_models import AnyService


@verb(Kind.BESIDE)
def hold(*, slot: UUID, service: AnyService, reason: HoldReason, by: Actor, token: UUID | None = None) -> UUID:
    """Holds the time and returns the token that opens it; an earlier `token` prolongs that hold.

    Raises SlotTaken, SlotInPast, SlotBlocked, DoesNotFit.
    """
    return slots.hold(start=slot, service=service, reason=reason, by=by, token=token)


@verb(Kind.BESIDE)
def hold_on_site(
    *,
    slot: UUID,
    service: AnyService,
    by: Actor,
    proved: bool,
    token: UUID | None = None,
    begun: datetime | None = None,
) -> UUID:
    """Holds the time for a visitor of the site, who has one hold at most, and returns the token.

    An earlier `token` prolongs that hold; `begun` is when they first had this time. `proved` tells that they have
    proved a phone, which frees them from the limits of strangers (T110). Raises ProofNeeded, HoldOver and what `hold`
    raises.
    """
    return site_holds.hold(start=slot, service=service, by=by, proved=proved, token=token, begun=begun)


@verb(Kind.BESIDE)
def free_hold(*, token: UUID, by: Actor) -> None:
    """Frees for the staff a time that a visitor without a proved phone keeps, and writes down who did.

    Raises NoStrangersHold.
    """
    site_holds.free(token=token, by=by)


@verb(Kind.BESIDE)
def drop_hold(*, token: UUID, by: Actor) -> None:
    """Frees the held time at once when the form is left without booking."""
    slots.drop(tokens=[token], reason=ReleaseReason.HOLD_DROPPED)

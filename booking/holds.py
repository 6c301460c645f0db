"""A time is kept while a form is filled in."""

from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.queries.read_models import AnyService


@verb(Kind.BESIDE)
def hold(*, slot: UUID, service: AnyService, reason: HoldReason, by: Actor, token: UUID | None = None) -> UUID:
    """Keeps the time and returns the token that opens it; with the `token` of before it is kept longer.

    Raises SlotTaken, SlotInPast, SlotBlocked, DoesNotFit.
    """
    return slots.hold(start=slot, service=service, reason=reason, by=by, token=token)


@verb(Kind.BESIDE)
def drop_hold(*, token: UUID, by: Actor) -> None:
    """The form is left without booking: the time is free again at once."""
    slots.drop(tokens=[token], reason=ReleaseReason.HOLD_DROPPED)

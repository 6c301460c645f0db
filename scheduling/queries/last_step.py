"""The last step of a visit, and until when whoever made it can undo it."""

from datetime import datetime
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, AppointmentEvent
from scheduling.way_back import Back, grace_until


def undoable_until(*, appointment: UUID, step: str, by: Actor) -> datetime | None:
    """Returns until when this person can undo the step, named by its event; None unless it is the last and theirs."""
    last = AppointmentEvent.objects.filter(appointment=appointment).order_by("-id").first()
    back = Back.of(last) if last and last.kind == step and last.actor == by.ref else None
    return _ahead(back.until if back else None)


def booking_undoable_until(made: Appointment, *, by: Actor) -> datetime | None:
    """Returns the same for a visit that a verb has returned as booked, from its own columns and without a statement."""
    is_new = made.created_by == by.ref and made.status == AppointmentStatus.BOOKED
    return _ahead(grace_until(by=by, now=made.created_at) if is_new else None)


def _ahead(until: datetime | None) -> datetime | None:
    return until if until and until > clock.now() else None

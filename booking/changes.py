"""Use cases that change a booked visit: move it, cancel it, mark it as entered in error."""

from uuid import UUID

from booking import gate, new_time, rebook_tasks
from booking.choices import RebookOutcome
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.guard import strangers
from patients.choices import Channel
from scheduling.actions.appointments import end
from scheduling.actions.appointments.locked import locked as locked_visit
from scheduling.choices import CancelReason
from scheduling.models import Appointment
from waitlist.actions import met


@verb(Kind.MAKE)
def move(
    *,
    appointment: UUID,
    to_slot: UUID,
    by: Actor,
    channel: Channel | None = None,
    hold: UUID | None = None,
    reason: str = "",
) -> Appointment:
    """Moves a booked visit to another start, possibly of another doctor, and gives its old slots to the waitlist.

    The new day is judged as that of a new booking through `channel`, which is the visit's own if not said; a
    representative who no longer acts on that day falls away. The patient has to be told of the new time and to confirm
    it anew. An earlier time ends the wish of the patient that the visit meets. Raises StepNotAllowed, LimitReached by
    the link, and what `make.lock` and the gate raise.
    """
    if by.is_visitor:
        strangers.count_move(visit=str(appointment))
    before = locked_visit(appointment)
    wish = met.lock(patient=before.patient_id, service=before.service, by=by)
    moved = new_time.go(appointment, to_slot=to_slot, by=by, channel=channel, hold=hold, reason=reason)
    if moved.starts_at < before.starts_at:
        met.close(wish, visit=moved, by=by)
    return moved


@verb(Kind.END)
def cancel(*, appointment: UUID, reason: CancelReason, by: Actor, note: str = "") -> Appointment:
    """Cancels a visit that has not begun; a repetition by the same person succeeds.

    Raises StepNotAllowed, AlreadyInThatState.
    """
    gate.check()
    cancelled = end.cancel(appointment=appointment, reason=reason, by=by, note=note)
    rebook_tasks.settle(appointment, outcome=RebookOutcome.CANCELLED, by=by)
    return cancelled


@verb(Kind.END)
def enter_in_error(*, appointment: UUID, by: Actor, note: str) -> Appointment:
    """Marks a visit that should never have been written. Raises StepNotAllowed."""
    gate.check()
    wrong = end.enter_in_error(appointment=appointment, by=by, note=note)
    rebook_tasks.settle(appointment, outcome=RebookOutcome.CANCELLED, by=by)
    return wrong

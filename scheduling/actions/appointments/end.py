"""Ends an appointment and frees its time: cancelled, or entered in error."""

from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.actions import history, messages, slots
from scheduling.actions.appointments.leave import leave
from scheduling.actions.appointments.locked import locked
from scheduling.choices import AppointmentStatus, CancelReason, ReleaseReason
from scheduling.errors import AlreadyInThatState, StepNotAllowed
from scheduling.models import Appointment
from scheduling.way_back import Back, back_to


def cancel(*, appointment: UUID, reason: CancelReason, by: Actor, note: str = "") -> Appointment:
    """Cancels a visit that has not begun; its slots go to the waitlist, the patient gets one message.

    Both wait for the end of the grace. A repetition by the same person succeeds. Raises StepNotAllowed,
    AlreadyInThatState when another person cancelled it.
    """
    cancelled = locked(appointment)
    if cancelled.status == AppointmentStatus.CANCELLED:
        if cancelled.cancelled_by == by.ref:
            return cancelled
        raise AlreadyInThatState
    if cancelled.status not in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED):
        raise StepNotAllowed
    now, was = clock.now(), cancelled.status
    columns = ["status", "cancelled_at", "cancelled_by", "cancel_reason"]
    back = back_to(cancelled, columns, by=by, now=now)
    cancelled.status = AppointmentStatus.CANCELLED
    cancelled.cancelled_at, cancelled.cancelled_by = now, by.ref
    cancelled.cancel_reason = reason
    back = _end(cancelled, columns, reason=ReleaseReason.CANCELLED, by=by, back=back)
    messages.cancelled(cancelled, at=now, due_at=back.until if back else None)
    history.write(cancelled, kind="cancelled", by=by, at=now, from_status=was, reason=note or reason, back=back)
    return cancelled


def enter_in_error(*, appointment: UUID, by: Actor, note: str) -> Appointment:
    """Marks a visit that should never have been written; it stays readable, its time is free again.

    Raises StepNotAllowed.
    """
    wrong = locked(appointment)
    if wrong.status == AppointmentStatus.ENTERED_IN_ERROR:
        return wrong
    if wrong.status not in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.NOSHOW):
        raise StepNotAllowed
    now, was = clock.now(), wrong.status
    columns = ["status", "cancel_reason"]
    back = back_to(wrong, columns, by=by, now=now)
    wrong.status, wrong.cancel_reason = AppointmentStatus.ENTERED_IN_ERROR, ""
    back = _end(wrong, columns, reason=ReleaseReason.ENTERED_IN_ERROR, by=by, back=back)
    messages.withdraw([wrong])
    history.write(wrong, kind="entered_in_error", by=by, at=now, from_status=was, reason=note, back=back)
    return wrong


def _end(visit: Appointment, columns: list[str], *, reason: ReleaseReason, by: Actor, back: Back | None) -> Back | None:
    run = slots.lock(visit.slots.values_list("pk", flat=True))
    visit.save(update_fields=columns)
    return leave(visit, run, reason=reason, by=by, back=back)

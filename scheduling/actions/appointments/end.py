"""Ends an appointment and frees its time: cancelled, or entered in error."""

from uuid import UUID

from django.utils import timezone

from foundation.accounts.actors import Actor
from scheduling.actions import history, messages, slots
from scheduling.actions.appointments.locked import locked
from scheduling.choices import AppointmentStatus, CancelReason, ReleaseReason
from scheduling.errors import AlreadyInThatState, StepNotAllowed
from scheduling.models import Appointment


def cancel(*, appointment: UUID, reason: CancelReason, by: Actor, note: str = "") -> Appointment:
    """Cancels a visit that has not begun; its slots go to the waitlist, the patient gets one message.

    A repetition by the same person succeeds. Raises StepNotAllowed, AlreadyInThatState when another person cancelled
    it.
    """
    cancelled = locked(appointment)
    if cancelled.status == AppointmentStatus.CANCELLED:
        if cancelled.cancelled_by == by.ref:
            return cancelled
        raise AlreadyInThatState
    if cancelled.status not in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED):
        raise StepNotAllowed
    now, was = timezone.now(), cancelled.status
    cancelled.cancelled_at, cancelled.cancelled_by = now, by.ref
    cancelled.cancel_reason = reason
    columns = ["cancelled_at", "cancelled_by", "cancel_reason"]
    _end(cancelled, AppointmentStatus.CANCELLED, columns, release_reason=ReleaseReason.CANCELLED)
    messages.cancelled(cancelled)
    history.write(cancelled, kind="cancelled", by=by, at=now, from_status=was, reason=note or reason)
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
    was = wrong.status
    wrong.cancel_reason = ""
    _end(wrong, AppointmentStatus.ENTERED_IN_ERROR, ["cancel_reason"], release_reason=ReleaseReason.ENTERED_IN_ERROR)
    messages.withdraw([wrong])
    history.write(wrong, kind="entered_in_error", by=by, at=timezone.now(), from_status=was, reason=note)
    return wrong


def _end(visit: Appointment, status: AppointmentStatus, columns: list[str], *, release_reason: ReleaseReason) -> None:
    run = slots.lock(visit.slots.values_list("pk", flat=True))
    visit.status = status
    visit.save(update_fields=["status", *columns])
    slots.release(run, reason=release_reason)

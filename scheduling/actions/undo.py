"""Undoes the last step of a visit within its grace, before anything has followed from it."""

from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.actions import history, messages, slots
from scheduling.actions.appointments.locked import locked
from scheduling.actions.appointments.make import BOOKED, is_busy
from scheduling.actions.appointments.move import MOVED
from scheduling.actions.appointments.reinstate import BOOKED_AGAIN
from scheduling.choices import AppointmentStatus, ReleaseReason
from scheduling.errors import PatientBusy, UndoOver
from scheduling.models import Appointment, Slot
from scheduling.way_back import Back

UNDONE = "undone"
"""The event of a step that was undone; its details name the step."""


def undo(*, appointment: UUID, step: str, by: Actor) -> Appointment:
    """Makes the visit, its times and its messages what they were before the step, which is named by its event.

    Only the person who made the step undoes it, as long as it is the last; a repetition changes nothing. A visit that
    was booked becomes one entered in error. Raises UndoOver; PatientBusy, DoctorBusy or RoomBusy when the hour of the
    visit went to another one meanwhile.
    """
    visit = locked(appointment)
    last = visit.events.order_by("id").last()
    if last is None or last.actor != by.ref:
        raise UndoOver
    if last.kind == UNDONE and last.details["step"] == step:
        return visit
    back = Back.of(last) if last.kind == step else None
    if back is None:
        raise UndoOver
    now_on, held = _locked(visit, back)
    messages.take_back(visit, due_at=back.until)
    if clock.now() >= back.until:  # read after all locks: from then on the effects may have left
        raise UndoOver
    was = visit.status
    if last.kind == BOOKED:
        _take_out(visit, now_on)
    else:
        _put_back(visit, back, taken=last.kind in (MOVED, BOOKED_AGAIN), now_on=now_on, held=held)
    history.write(visit, kind=UNDONE, by=by, at=clock.now(), from_status=was, step=step)
    return visit


def _locked(visit: Appointment, back: Back) -> tuple[list[Slot], list[Slot]]:
    """Locks, in order of id, the slots that the visit is on and those that are held for its way back.

    Raises UndoOver when one that it was on is neither.
    """
    own = set(visit.slots.values_list("pk", flat=True))
    locked_slots = slots.lock({*own, *back.slots})
    now_on = [slot for slot in locked_slots if slot.appointment_id == visit.pk]
    held = [slot for slot in locked_slots if back.hold and slot.hold_token == back.hold]
    if not {slot.pk for slot in (*now_on, *held)}.issuperset(back.slots):
        raise UndoOver
    return now_on, held


def _take_out(visit: Appointment, now_on: list[Slot]) -> None:
    visit.status = AppointmentStatus.ENTERED_IN_ERROR
    visit.save(update_fields=["status"])
    slots.release(now_on, reason=ReleaseReason.ENTERED_IN_ERROR)


def _put_back(visit: Appointment, back: Back, *, taken: bool, now_on: list[Slot], held: list[Slot]) -> None:
    if taken:
        slots.release([slot for slot in now_on if slot.pk not in back.slots], reason=ReleaseReason.MOVED)
    back.put_back(visit)
    if visit.is_upcoming and is_busy(visit.patient, service=visit.service, starts_at=visit.starts_at, but=visit):
        raise PatientBusy
    Slot.objects.filter(pk__in=[slot.pk for slot in held]).update(appointment=visit, **slots.NO_HOLD)
    messages.restore(visit.pk, back.withdrawn)

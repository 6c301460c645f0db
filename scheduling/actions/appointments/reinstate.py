"""Books a cancelled appointment again: `reinstate.lock(...)` locks its time, `reinstate.write(...)` writes."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.database import clock
from patients.models import Representation
from scheduling.actions import history, messages, slots
from scheduling.actions.appointments.locked import locked
from scheduling.actions.appointments.make import Time
from scheduling.choices import AppointmentStatus
from scheduling.errors import SlotTaken, StepNotAllowed
from scheduling.models import Appointment, Slot
from scheduling.way_back import back_to

BOOKED_AGAIN = "booked_again"
"""The event of a cancelled visit that takes place after all."""
CHANGED = (
    *("status", "room", "representation", "ends_at", "overbooked", "overbook_reason", "cancel_reason"),
    *(f"{mark}_{column}" for mark in ("cancelled", "informed", "confirmed", "arrived") for column in ("at", "by")),
)
"""The columns that it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinstated:
    """A cancelled visit about to be booked again, with its time, both locked."""

    visit: Appointment
    time: Time


def lock(*, appointment: UUID, by: Actor) -> Reinstated | Appointment:
    """Locks the visit and its time; returns the visit itself when this person has just booked it again.

    Raises StepNotAllowed, SlotTaken with alternatives, SlotInPast, SlotBlocked, DoesNotFit.
    """
    visit = locked(appointment)
    last = visit.events.order_by("id").last()
    if last and (last.kind, last.actor) == (BOOKED_AGAIN, by.ref):
        return visit
    if visit.status != AppointmentStatus.CANCELLED:
        raise StepNotAllowed
    start = Slot.objects.filter(doctor=visit.doctor_id, starts_at=visit.starts_at).values_list("pk", flat=True).first()
    if start is None:
        raise SlotTaken
    run, now = slots.lock_run(start=start, service=visit.service, patient=visit.patient_id), clock.now()
    slots.check_bookable(run.slots, now=now, hold_token=None, service=visit.service)
    time = Time(
        doctor=run.doctor,
        room=run.room,
        starts_at=visit.starts_at,
        given=run.given,
        patient_busy=run.patient_busy,
        run=run.slots,
        now=now,
    )
    return Reinstated(visit=visit, time=time)


def write(again: Reinstated, *, representation: Representation | None, by: Actor) -> Appointment:
    """Books the visit again; the patient is told, and has to be told and to confirm anew."""
    visit, time = again.visit, again.time
    back = back_to(visit, CHANGED, by=by, now=time.now)
    back = replace(back, withdrawn=messages.not_delivered(visit)) if back else None
    was, visit.status, visit.cancel_reason = visit.status, AppointmentStatus.BOOKED, ""
    visit.room, visit.representation = time.room, representation
    visit.ends_at = visit.starts_at + timedelta(minutes=visit.service.minutes)
    visit.overbooked, visit.overbook_reason = False, ""
    for mark in ("cancelled", "informed", "confirmed", "arrived"):
        setattr(visit, f"{mark}_at", None)
        setattr(visit, f"{mark}_by", "")
    visit.save(update_fields=CHANGED)
    Slot.objects.filter(pk__in=[slot.pk for slot in time.run]).update(appointment=visit, **slots.NO_HOLD)
    messages.booked_again(visit, at=time.now, due_at=back.until if back else None)
    history.write(visit, kind=BOOKED_AGAIN, by=by, at=time.now, from_status=was, back=back)
    return visit

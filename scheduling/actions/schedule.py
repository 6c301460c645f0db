"""The published schedule: weekly rules become shifts and slots (R10), which are withdrawn, closed, opened."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.db.models import ProtectedError

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import clock
from scheduling.actions import openness, slots
from scheduling.choices import ACTIVE, AbsenceKind, ReleaseReason
from scheduling.errors import ShiftConflict, ShiftHasVisits, StepNotAllowed, TimeHasAbsence
from scheduling.models import Absence, Appointment, Doctor, Shift, Slot
from scheduling.queries import planning
from scheduling.queries.planning import PlannedShift


def publish(*, doctor: Doctor, first_day: date, last_day: date, by: Actor) -> list[Shift]:
    """Publishes the shifts that the rules give and that are not there yet; the waitlist hears of their free slots.

    Raises ShiftConflict that names every clash; then nothing is published.
    """
    openness.lock_timetable()
    Doctor.objects.select_for_update(no_key=True).get(pk=doctor.pk)  # the same form sent twice publishes once
    planned = planning.preview(doctor=doctor, first_day=first_day, last_day=last_day)
    if conflicts := [clash_in_words(shift) for shift in planned if shift.clash]:
        raise ShiftConflict(conflicts)
    now = clock.now()
    shifts = [
        Shift(
            doctor=doctor,
            room=plan.rule.room,
            rule=plan.rule,
            date=plan.date,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            slot_minutes=plan.rule.slot_minutes,
            published_at=now,
            published_by=by.ref,
        )
        for plan in planned
        if not plan.published
    ]
    try:
        Shift.objects.bulk_create(shifts)
    except IntegrityError as error:  # somebody published into the same room meanwhile, or rules overlap each other
        raise ShiftConflict([]) from error
    made = Slot.objects.bulk_create(slot for shift in shifts for slot in _slots_of(shift))
    closed = {slot.pk for slot in openness.close_shifts(shifts).slots}
    slots.announce([slot for slot in made if slot.pk not in closed], reason=ReleaseReason.PUBLISHED)
    trail.record(
        by=by,
        action="schedule.published",
        object_ref=str(doctor.pk),
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        shifts=len(shifts),
        slots=len(made),
    )
    return shifts


def withdraw(*, shift: Shift, by: Actor) -> None:
    """Withdraws a published shift.

    Raises ShiftHasVisits when a time of it is booked, held or was ever offered, or a visit stands over a busy one.
    """
    run = slots.lock(shift.slots.values_list("pk", flat=True))
    now = clock.now()
    if any(slot.appointment_id or slot.held_against(None, now) for slot in run) or _has_visits_over_others(shift):
        raise ShiftHasVisits
    trail.record(by=by, action="schedule.withdrawn", object_ref=str(shift.pk), date=shift.date.isoformat())
    by_hand = Absence.objects.filter(slots__shift=shift, kind=AbsenceKind.BY_HAND).values_list("pk", flat=True)
    closings = list(by_hand)
    try:
        shift.slots.all().delete()
        shift.delete()
    except ProtectedError as error:
        raise ShiftHasVisits from error
    Absence.objects.filter(pk__in=closings).delete()


def _has_visits_over_others(shift: Shift) -> bool:
    """Such a visit has no slot; it stands in published hours, which are not taken from under it."""
    over = Appointment.objects.filter(doctor=shift.doctor_id, room=shift.room_id, overbooked=True, status__in=ACTIVE)
    return over.filter(starts_at__gte=shift.starts_at, starts_at__lt=shift.ends_at).exists()


def block(*, slot_ids: Collection[UUID], reason: str, by: Actor) -> int:
    """Closes free times by hand («обучение»). Returns how many. Raises StepNotAllowed when one is booked or held."""
    openness.lock_timetable()
    run = slots.lock(slot_ids)
    now = clock.now()
    if any(slot.appointment_id or slot.held_against(None, now) for slot in run):
        raise StepNotAllowed
    closed = [slot for slot in run if slot.absence_id is None]
    for slot in closed:
        slot.absence = Absence(
            kind=AbsenceKind.BY_HAND,
            doctor_id=slot.doctor_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            note=reason[:100],
        )
    Absence.objects.bulk_create(slot.absence for slot in closed if slot.absence)
    Slot.objects.bulk_update(closed, ["absence"])
    Slot.objects.filter(pk__in=[slot.pk for slot in closed]).update(**slots.NO_HOLD)
    trail.record(by=by, action="slots.blocked", slots=[str(slot.pk) for slot in closed], reason=reason[:100])
    return len(closed)


def unblock(*, slot_ids: Collection[UUID], by: Actor) -> int:
    """Opens times that were closed by hand. Returns how many. Raises TimeHasAbsence when a whole absence closes one."""
    openness.lock_timetable()
    closed = [slot for slot in slots.lock(slot_ids) if slot.absence_id]
    closings = Absence.objects.in_bulk({slot.absence_id for slot in closed})
    if any(closing.kind != AbsenceKind.BY_HAND for closing in closings.values()):
        raise TimeHasAbsence
    for closing in closings.values():
        openness.open_again(closing)
        closing.delete()
    trail.record(by=by, action="slots.unblocked", slots=[str(slot.pk) for slot in closed])
    return len(closed)


def clash_in_words(plan: PlannedShift) -> str:
    """Returns the published shift in the way of a planned one as a line: date, doctor, room, hours."""
    clash = plan.clash
    assert clash is not None
    hours = f"{clash.local_start:%H:%M}–{clash.local_end:%H:%M}"
    return f"{plan.date:%d.%m.%Y}: {clash.doctor.short_name}, {clash.room.name}, {hours}"


def _slots_of(shift: Shift) -> Iterator[Slot]:
    for starts_at, ends_at in planning.cells(shift.starts_at, shift.ends_at, shift.slot_minutes):
        yield Slot(shift=shift, doctor_id=shift.doctor_id, starts_at=starts_at, ends_at=ends_at)

"""The published schedule: shifts and slots from the weekly rules, a leave and a day of training."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.clock import day_bounds
from scheduling.choices import AbsenceKind
from scheduling.models import Absence, Doctor, Shift, Slot
from scheduling.queries import planning
from standalone.demo import reference

DAYS_BACK = 7
WEEKS_AHEAD = 3
LEAVE_DAYS = 14
TRAINING = "Обучение: новый трихоскоп"
TRAINING_SLOTS = 6


def term(today: date) -> tuple[date, date]:
    """Returns the days from a week back to the Sunday three weeks after this one."""
    this_sunday = today + timedelta(days=7 - today.isoweekday())
    return today - timedelta(days=DAYS_BACK), this_sunday + timedelta(weeks=WEEKS_AHEAD)


def build(*, doctors: dict[str, Doctor], today: date, now: datetime, by: Actor) -> dict[Shift, list[Slot]]:
    """Makes shifts with their slots.

    Nothing is announced: nobody on the waitlist waits for what was always free.
    """
    first_day, last_day = term(today)
    starts_at, ends_at = day_bounds(today, today + timedelta(days=LEAVE_DAYS - 1))
    Absence.objects.create(
        doctor=doctors[reference.ON_LEAVE],
        kind=AbsenceKind.LEAVE,
        starts_at=starts_at,
        ends_at=ends_at,
        note="Очередной отпуск",
    )
    shifts = Shift.objects.bulk_create(
        Shift(
            doctor=doctor,
            room=plan.rule.room,
            rule=plan.rule,
            date=plan.date,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            slot_minutes=plan.rule.slot_minutes,
            published_at=now - timedelta(days=DAYS_BACK + 14),
            published_by=by.ref,
        )
        for doctor in doctors.values()
        for plan in planning.preview(doctor=doctor, first_day=first_day, last_day=last_day)
    )
    slots = [_slot(shift, start, end) for shift in shifts for start, end in _cells(shift)]
    _train(doctors[reference.IN_TRAINING], slots, now)
    Slot.objects.bulk_create(slots)
    by_shift = defaultdict(list)
    for slot in slots:
        by_shift[slot.shift].append(slot)
    return by_shift


def _cells(shift: Shift) -> Iterator[tuple[datetime, datetime]]:
    return planning.cells(shift.starts_at, shift.ends_at, shift.slot_minutes)


def _slot(shift: Shift, starts_at: datetime, ends_at: datetime) -> Slot:
    return Slot(shift=shift, doctor_id=shift.doctor_id, starts_at=starts_at, ends_at=ends_at)


def _train(doctor: Doctor, slots: list[Slot], now: datetime) -> None:
    """Closes half a shift for training, two days from now or later."""
    later = [slot for slot in slots if slot.doctor_id == doctor.pk and slot.starts_at > now + timedelta(days=2)]
    day = timezone.localdate(later[0].starts_at)
    half = [slot for slot in later if timezone.localdate(slot.starts_at) == day][:TRAINING_SLOTS]
    training = Absence.objects.create(
        doctor=doctor,
        kind=AbsenceKind.TRAINING,
        starts_at=half[0].starts_at,
        ends_at=half[-1].ends_at,
        note=TRAINING,
    )
    for slot in half:
        slot.absence = training

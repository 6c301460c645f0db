"""Deeds about the timetable: weekly hours, published and withdrawn days, absences, times closed by hand."""

from datetime import time, timedelta

from django.utils import timezone

import booking
from foundation.changes import Changes
from scheduling.choices import AbsenceKind
from scheduling.data import HoursData
from scheduling.models import Absence, Shift, ShiftRule
from scheduling.models.absence import Whose
from tests import factories as make
from tests.any_order.world import World, later, pick

SPANS = [15, 30, 60, 24 * 60]


def add_absence(world: World, first: int, second: int) -> None:
    """Of one doctor, of a room, of the location or of everybody; from a quarter of an hour to a day."""
    doctor = world.doctors[first % 2]
    room = doctor.room
    whose = [Whose(doctor), Whose(doctor), Whose(room=room), Whose(location=room.location), Whose()][second % 5]
    starts_at = later(15 * first + 24 * 60 * (second % 2))
    make.absence(
        whose.doctor,
        starts_at,
        starts_at + timedelta(minutes=SPANS[second % 4]),
        room=whose.room,
        location=whose.location,
    )


def remove_absence(world: World, first: int, second: int) -> None:
    absence = pick(Absence.objects.exclude(kind=AbsenceKind.BY_HAND).order_by("pk"), first)
    booking.remove_absence(absence=absence, by=make.TEST)


def block(world: World, first: int, second: int) -> None:
    make.close(*{world.slot(first), world.slot(second)})


def unblock(world: World, first: int, second: int) -> None:
    booking.unblock(slots=[world.slot(first).pk], by=make.TEST)


def typed(world: World, *, first: int, second: int) -> HoursData:
    starts, room = 11 + first % 4, world.doctors[second % 2].room
    return HoursData(
        starts=time(starts), ends=time(starts + 1), room=room, slot_minutes=30, valid_from=timezone.localdate()
    )


def add_hours(world: World, first: int, second: int) -> None:
    weekdays = [1 + second % 3, 4]
    booking.add_hours(
        doctor=world.doctors[first % 2],
        weekdays=weekdays,
        hours=typed(world, first=first, second=second),
        by=make.TEST,
    )


def change_hours(world: World, first: int, second: int) -> None:
    rule = pick(ShiftRule.objects.order_by("pk"), first)
    columns = typed(world, first=first, second=second).columns() | {"weekday": 1 + first % 3}
    booking.change_hours(rule=rule.pk, changes=Changes(columns), by=make.TEST)


def end_hours(world: World, first: int, second: int) -> None:
    rule = pick(ShiftRule.objects.order_by("pk"), first)
    booking.end_hours(rule=rule.pk, last_day=timezone.localdate() + timedelta(days=second % 3 - 1), by=make.TEST)


def publish(world: World, first: int, second: int) -> None:
    today = timezone.localdate()
    booking.publish(doctor=world.doctors[first % 2], first_day=today, last_day=today + timedelta(days=3), by=make.TEST)


def withdraw(world: World, first: int, second: int) -> None:
    shift = pick(Shift.objects.order_by("starts_at", "doctor__slug"), first)
    booking.withdraw(shift=shift, by=make.TEST)


def reconcile_openness(world: World, first: int, second: int) -> None:
    booking.reconcile_openness()

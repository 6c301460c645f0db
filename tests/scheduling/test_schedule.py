"""Weekly rules become shifts and slots (R10)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

import booking
from foundation.clock import day_bounds, wall_time
from scheduling.errors import ShiftConflict, StepNotAllowed
from scheduling.models import Absence, Shift, ShiftRule, Slot, SlotRelease
from scheduling.queries import planning
from tests import factories as make

pytestmark = pytest.mark.django_db


def monday():
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def rule(doctor, *, weekday=1, starts="09:00", ends="12:00", **columns):
    columns = {"room": doctor.room, "slot_minutes": 30, "valid_from": date(2020, 1, 1)} | columns
    return ShiftRule.objects.create(
        doctor=doctor,
        weekday=weekday,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        **columns,
    )


def publish(doctor, *, days=7):
    return booking.publish(
        doctor=doctor, first_day=monday(), last_day=monday() + timedelta(days=days - 1), by=make.TEST
    )


def test_a_week_from_rules():
    doctor = make.doctor()
    rule(doctor, weekday=1)
    rule(doctor, weekday=3, starts="15:00", ends="17:45", slot_minutes=45)
    shifts = publish(doctor)
    assert [(shift.date - monday()).days for shift in shifts] == [0, 2]
    local = [timezone.localtime(slot.starts_at).strftime("%H:%M") for slot in make.slots_of(shifts[1])]
    assert local == ["15:00", "15:45", "16:30"]
    assert SlotRelease.objects.filter(reason="published").count() == 9


def test_publishing_again_adds_only_what_is_missing():
    doctor = make.doctor()
    rule(doctor)
    publish(doctor)
    rule(doctor, weekday=2)
    assert len(publish(doctor)) == 1
    assert Shift.objects.count() == 2


def test_days_away_are_left_out():
    doctor = make.doctor()
    rule(doctor)
    rule(doctor, weekday=2)
    starts_at, ends_at = day_bounds(monday())
    Absence.objects.create(doctor=doctor, kind="sick", starts_at=starts_at, ends_at=ends_at)
    assert [shift.date for shift in publish(doctor)] == [monday() + timedelta(days=1)]


def test_a_clash_of_rooms_is_named_and_nothing_is_published():
    first, second = make.doctor(), make.doctor(last_name="Громов", first_name="Пётр", patronymic="Ильич")
    rule(first)
    publish(first)
    rule(second, room=first.room, starts="11:00", ends="13:00")
    rule(second, weekday=2)
    with pytest.raises(ShiftConflict) as refused:
        publish(second)
    assert refused.value.conflicts == [f"{monday():%d.%m.%Y}: Белова А.С., {first.room.name}, 09:00–12:00"]
    assert Shift.objects.filter(doctor=second).count() == 0


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Europe/Berlin"])
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2014, 10, 26)])
def test_t27_nine_oclock_stays_nine_oclock(zone, day):
    doctor = make.doctor()
    doctor.room.location.timezone = zone
    moment = wall_time(day, time(9), zone=zone)
    assert moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") == f"{day} 09:00"


def test_t27_a_night_of_25_hours_has_its_slots():
    zone = ZoneInfo("Europe/Berlin")
    starts = datetime(2027, 10, 31, 1, 0, tzinfo=zone).astimezone(ZoneInfo("UTC"))
    ends = datetime(2027, 10, 31, 4, 0, tzinfo=zone).astimezone(ZoneInfo("UTC"))
    assert len(list(planning.cells(starts, ends, 60))) == 4


def test_blocking_takes_only_what_is_free():
    slots = make.slots_of(make.shift(make.doctor()))
    make.appointment(slots[0])
    with pytest.raises(StepNotAllowed):
        booking.block(slots=[slots[0].pk, slots[1].pk], reason="обучение", by=make.TEST)
    booking.block(slots=[slots[1].pk], reason="обучение", by=make.TEST)
    assert Slot.objects.get(pk=slots[1].pk).absence.note == "обучение"
    booking.unblock(slots=[slots[1].pk], by=make.TEST)
    assert SlotRelease.objects.filter(slot=slots[1], reason="unblocked").count() == 1

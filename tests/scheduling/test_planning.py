"""Plans of publishing weekly rules: the days, the hours in wall time, the shifts in the way (R10)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from foundation.clock import day_bounds
from scheduling.choices import AbsenceKind
from scheduling.models import Absence, Shift, ShiftRule
from scheduling.queries import planning
from tests import factories as make

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 22)
"""The week in which Berlin puts its clocks on."""
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def doctor():
    return make.doctor()


def rule(of, weekday=1, starts="09:00", ends="12:00", **columns):
    columns = {"room": of.room, "slot_minutes": 30, "valid_from": date(2020, 1, 1)} | columns
    return ShiftRule.objects.create(
        doctor=of, weekday=weekday, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends), **columns
    )


def away(of, first, last):
    starts_at, ends_at = day_bounds(first, last)
    Absence.objects.create(doctor=of, kind=AbsenceKind.LEAVE, starts_at=starts_at, ends_at=ends_at)


def published(of, day=MONDAY, starts="09:00", ends="12:00", room=None):
    starts_at, ends_at = (datetime.combine(day, time.fromisoformat(at), make.moment().tzinfo) for at in (starts, ends))
    return Shift.objects.create(
        doctor=of,
        room=room or of.room,
        date=day,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=30,
        published_at=starts_at,
        published_by="test",
    )


def preview(of, first=MONDAY, last=SUNDAY):
    return planning.preview(doctor=of, first_day=first, last_day=last)


def days(of, first=MONDAY, last=SUNDAY):
    return [plan.date for plan in preview(of, first, last)]


@pytest.mark.parametrize("weekday", range(1, 8))
def test_a_rule_gives_its_weekday(doctor, weekday):
    rule(doctor, weekday)
    rule(make.doctor(), weekday=1)
    assert days(doctor) == [MONDAY + timedelta(days=weekday - 1)]
    assert days(doctor, MONDAY, SUNDAY + timedelta(days=7)) == [
        MONDAY + timedelta(days=weekday - 1),
        MONDAY + timedelta(days=weekday + 6),
    ]


def test_the_days_asked_for_are_those_from_the_first_to_the_last(doctor):
    for weekday in (1, 2, 3):
        rule(doctor, weekday)
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    assert days(doctor, tuesday, tuesday) == [tuesday]
    assert days(doctor, tuesday, wednesday) == [tuesday, wednesday]
    assert days(doctor, wednesday, tuesday) == []


@pytest.mark.parametrize(
    ("term", "planned"),
    [
        ({"valid_from": MONDAY}, True),
        ({"valid_from": MONDAY + timedelta(days=1)}, False),
        ({"valid_until": MONDAY}, True),
        ({"valid_until": MONDAY - timedelta(days=1)}, False),
    ],
)
def test_a_rule_holds_from_its_first_to_its_last_day(doctor, term, planned):
    rule(doctor, **term)
    assert days(doctor) == ([MONDAY] if planned else [])


@pytest.mark.parametrize(
    ("first", "last", "worked"),
    [
        (0, 0, [1, 2]),
        (1, 1, [0, 2]),
        (-3, 0, [1, 2]),
        (2, 9, [0, 1]),
        (-3, 9, []),
        (-3, -1, [0, 1, 2]),
        (3, 9, [0, 1, 2]),
    ],
)
def test_days_away_are_left_out_from_the_first_to_the_last(doctor, first, last, worked):
    for weekday in (1, 2, 3):
        rule(doctor, weekday)
    away(doctor, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))
    away(make.doctor(), MONDAY, SUNDAY)
    assert days(doctor) == [MONDAY + timedelta(days=number) for number in worked]


@pytest.mark.parametrize(
    ("zone", "day", "utc_hour", "lasts"),
    [
        ("Europe/Moscow", MONDAY, 22, 4),
        ("Europe/Berlin", SUNDAY, 0, 3),  # the clocks go on at two
        ("Europe/Berlin", date(2027, 10, 31), -1, 5),  # and back at three
        ("Asia/Vladivostok", MONDAY, 15, 4),
    ],
)
def test_t27_hours_are_those_of_the_wall_where_the_room_is(doctor, zone, day, utc_hour, lasts):
    location = doctor.room.location
    location.timezone = zone
    location.save(update_fields=["timezone"])
    rule(doctor, day.isoweekday(), "01:00", "05:00", slot_minutes=60)
    (plan,) = preview(doctor, day, day)
    before = timedelta(days=utc_hour > 12)
    midnight = datetime.combine(day - before, time.min, UTC)
    assert (plan.starts_at, plan.ends_at) == (
        midnight + timedelta(hours=utc_hour),
        midnight + timedelta(hours=utc_hour + lasts),
    )
    assert plan.slot_count == lasts


@pytest.mark.parametrize(
    ("ends", "minutes", "cells"),
    [("12:00", 30, 6), ("11:59", 30, 5), ("12:00", 180, 1), ("12:00", 181, 0), ("12:00", 45, 4), ("12:00", 50, 3)],
)
def test_only_whole_slots_are_cut(ends, minutes, cells):
    starts_at = datetime(2027, 3, 22, 9, tzinfo=UTC)
    ends_at = datetime.combine(MONDAY, time.fromisoformat(ends), UTC)
    cut = list(planning.cells(starts_at, ends_at, minutes))
    length = timedelta(minutes=minutes)
    assert cut == [(starts_at + length * number, starts_at + length * (number + 1)) for number in range(cells)]


def compared(of, **given):
    rule(of)
    shift = published(of, **given)
    (plan,) = preview(of)
    return plan.published, plan.clash, shift


@pytest.mark.parametrize(
    ("starts", "ends", "clashes"),
    [
        ("08:00", "09:00", False),
        ("08:00", "09:30", True),
        ("10:00", "11:00", True),
        ("08:00", "13:00", True),
        ("11:30", "13:00", True),
        ("12:00", "13:00", False),
        ("09:00", "11:30", True),
        ("09:30", "12:00", True),
    ],
)
@pytest.mark.parametrize("whose", ["the doctor's elsewhere", "somebody's in the room"])
def test_a_shift_clashes_with_one_of_its_doctor_or_its_room_that_overlaps(doctor, starts, ends, clashes, whose):
    own = whose == "the doctor's elsewhere"
    given = {"of": doctor, "room": make.room()} if own else {"of": make.doctor(), "room": doctor.room}
    rule(doctor)
    shift = published(starts=starts, ends=ends, **given)
    (plan,) = preview(doctor)
    assert (plan.published, plan.clash) == (False, shift if clashes else None)


def test_the_same_shift_is_published_already(doctor):
    done, clash, _shift = compared(doctor)
    assert (done, clash) == (True, None)


@pytest.mark.parametrize(("starts", "ends"), [("09:00", "11:30"), ("09:30", "12:00")])
def test_the_same_shift_with_other_hours_is_a_clash(doctor, starts, ends):
    done, clash, shift = compared(doctor, starts=starts, ends=ends)
    assert (done, clash) == (False, shift)


def test_a_shift_of_another_day_of_the_week_is_not_in_the_way(doctor):
    for weekday in (1, 3, 5):
        rule(doctor, weekday)
    published(doctor, MONDAY + timedelta(days=2))
    assert [(plan.published, plan.clash) for plan in preview(doctor)] == [(False, None), (True, None), (False, None)]


def test_a_colleague_in_another_room_at_the_same_time_is_no_matter(doctor):
    rule(doctor)
    published(make.doctor())
    (plan,) = preview(doctor)
    assert (plan.published, plan.clash) == (False, None)


def test_a_shift_of_the_night_before_still_stands_in_the_way(doctor):
    rule(doctor, starts="00:30", ends="03:00")
    sunday = MONDAY - timedelta(days=1)
    night = published(doctor, sunday, "20:00", "23:59")
    Shift.objects.filter(pk=night.pk).update(ends_at=night.ends_at + timedelta(hours=2))
    (plan,) = preview(doctor)
    assert plan.clash == night


def test_a_preview_costs_the_same_for_one_day_and_for_many(doctor, django_assert_num_queries):
    for weekday in range(1, 8):
        rule(doctor, weekday)
    for last in (MONDAY, SUNDAY + timedelta(days=28)):
        with django_assert_num_queries(3):
            preview(doctor, MONDAY, last)

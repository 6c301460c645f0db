"""When a visit is reminded of: the day before, some hours before, never in quiet hours, never soon after others."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.clock import on_wall
from notifications import quiet
from scheduling import reminders
from scheduling.checks import reminders_leave_by_day
from scheduling.reminders import Reminder, ReminderKind
from tests.examples import few
from tests.factories.timetable import MOSCOW

ZONE = "Europe/Moscow"
LONG_AGO = datetime(2026, 11, 1, 12, tzinfo=MOSCOW)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=MOSCOW)


def plan(starts_at: datetime, *, told_at: datetime = LONG_AGO, zone: str = ZONE) -> list[tuple[str, datetime]]:
    planned = reminders.planned(starts_at=starts_at, told_at=told_at, zone=zone)
    return [(each.kind.value, on_wall(each.due_at, ZONE)) for each in planned]


EVENING = ("day", at(23, 18))


@pytest.mark.parametrize(
    ("starts_at", "planned"),
    [
        (at(24, 15), [EVENING, ("hours", at(24, 12))]),
        (at(24, 12), [EVENING, ("hours", at(24, 9))]),
        (at(24, 11, 30), [EVENING, ("hours", at(24, 9))]),
        (at(24, 11), [EVENING, ("hours", at(24, 9))]),
        (at(24, 10, 59), [EVENING]),
        (at(24, 8), [EVENING]),
        (at(24, 23, 59), [EVENING, ("hours", at(24, 20, 59))]),
        (at(25, 0, 0), [("day", at(24, 18))]),
    ],
    ids=lambda value: f"{value:%H:%M}" if isinstance(value, datetime) else "",
)
def test_the_evening_before_and_hours_before_but_not_in_the_quiet_hours(starts_at, planned):
    assert plan(starts_at) == planned


@pytest.mark.parametrize(
    ("told_at", "planned"),
    [
        (at(23, 17), [EVENING, ("hours", at(24, 12))]),
        (at(23, 17, 1), [("hours", at(24, 12))]),
        (at(24, 11), [("hours", at(24, 12))]),
        (at(24, 11, 1), []),
    ],
    ids=lambda value: f"{value:%d %H:%M}" if isinstance(value, datetime) else "",
)
def test_none_comes_soon_after_another_word_about_the_visit(told_at, planned):
    """So a visit of the same day is reminded of if more than four hours lie between."""
    assert plan(at(24, 15), told_at=told_at) == planned


@pytest.mark.parametrize(
    ("told_at", "planned"),
    [
        (at(23, 17), [EVENING]),
        (at(23, 17, 1), [("day", at(23, 20, 30))]),
        (at(23, 19, 30), [("day", at(23, 20, 30))]),
        (at(23, 19, 31), []),
    ],
    ids=lambda value: f"{value:%d %H:%M}" if isinstance(value, datetime) else "",
)
def test_an_early_visit_booked_late_is_reminded_of_before_the_night(told_at, planned):
    assert plan(at(24, 10), told_at=told_at) == planned


def plan_there(zone: str, *, day: int, hour: int, told: datetime | None) -> list[tuple[str, datetime, datetime]]:
    """Returns the plan of a visit at that hour there, with what the clock on its wall shows."""
    starts_at, told_at = (each.replace(tzinfo=ZoneInfo(zone)) for each in (at(day, hour, 30), told or LONG_AGO))
    planned = reminders.planned(starts_at=starts_at, told_at=told_at, zone=zone)
    return [(each.kind.value, *(on_wall(when, zone).hands for when in (each.due_at, each.until))) for each in planned]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Vladivostok"])
@pytest.mark.parametrize("told", [None, at(23, 19)], ids=["long ago", "late on the day before"])
@pytest.mark.parametrize("hour", [0, 10, 15, 23])
def test_hours_are_those_of_the_place(zone, told, hour):
    there, here = (plan_there(place, day=24, hour=hour, told=told) for place in (zone, ZONE))
    assert there == here
    assert there or (told and hour == 0)


def test_the_first_is_of_use_until_the_midnight_or_alone_until_an_hour_before():
    assert plan_there(ZONE, day=24, hour=15, told=None) == [
        ("day", datetime(2026, 11, 23, 18), datetime(2026, 11, 24)),
        ("hours", datetime(2026, 11, 24, 12, 30), datetime(2026, 11, 24, 14, 30)),
    ]
    assert plan_there(ZONE, day=24, hour=10, told=None) == [
        ("day", datetime(2026, 11, 23, 18), datetime(2026, 11, 24, 9, 30))
    ]


def test_it_is_due_from_its_moment_on_and_not_at_its_end():
    reminder = Reminder(kind=ReminderKind.DAY, due_at=at(23, 18), until=at(24, 0))
    moments = (at(23, 17, 59), at(23, 18), at(23, 23, 59), at(24, 0))
    assert [reminder.is_due(moment) for moment in moments] == [False, True, True, False]


def test_a_key_names_the_visit_its_moment_and_the_kind_and_what_takes_its_place_has_more():
    visit = UUID(int=7)
    key = reminders.key_of(visit=visit, starts_at=at(24, 15), kind=ReminderKind.DAY)
    assert key == f"remind:{visit}:20261124T1200:day"
    assert {reminders.stem_of(each) for each in (key, f"{key}:2", f"{key}:after:{visit}")} == {key}


@pytest.mark.parametrize(("on", "sms", "offered"), [(True, ["x"], True), (False, ["x"], False), (True, [], False)])
def test_a_clinic_offers_reminders_if_it_wants_to_and_can_send_any(settings, on, sms, offered):
    settings.REMINDERS, settings.MESSAGE_ROUTES = on, {"sms": sms, "voice": ["y"]}
    assert reminders.offered() is offered


def test_hours_are_those_of_the_settings(settings):
    settings.REMIND_AT, settings.REMIND_HOURS = time(12), 2
    settings.QUIET_HOURS = (time(23), time(6))
    assert plan(at(24, 9)) == [("day", at(23, 12)), ("hours", at(24, 7))]


def test_a_clinic_without_quiet_hours_reminds_at_night(settings):
    settings.QUIET_HOURS = (time(9), time(9))
    assert [quiet.over_at(at(23, hour), zone=ZONE) for hour in (8, 9, 10, 23)] == [None] * 4
    assert plan(at(24, 9)) == [EVENING, ("hours", at(24, 6))]


@pytest.mark.parametrize(
    ("moment", "began", "over"),
    [
        (at(23, 20, 59), None, None),
        (at(23, 21), at(23, 21), at(24, 9)),
        (at(24, 0), at(23, 21), at(24, 9)),
        (at(24, 8, 59), at(23, 21), at(24, 9)),
        (at(24, 9), None, None),
    ],
    ids=lambda value: f"{value:%d %H:%M}" if isinstance(value, datetime) else "",
)
def test_quiet_hours_cross_the_midnight(moment, began, over):
    assert (quiet.began(moment, zone=ZONE), quiet.over_at(moment, zone=ZONE)) == (began, over)


def test_quiet_hours_of_one_day(settings):
    settings.QUIET_HOURS = (time(13), time(14))
    assert [quiet.over_at(at(23, hour), zone=ZONE) for hour in (12, 13, 14)] == [None, at(23, 14), None]
    assert quiet.began(at(23, 13, 30), zone=ZONE) == at(23, 13)


@pytest.mark.parametrize(("hour", "began", "over"), [(13, None, None), (14, 14, 26), (20, 14, 26), (25, 14, 26)])
def test_quiet_hours_are_those_of_the_place(hour, began, over):
    """Seven hours east of the clinic."""
    moment, far = at(23, 0) + timedelta(hours=hour), "Asia/Vladivostok"
    expected = [at(23, 0) + timedelta(hours=each) if each else None for each in (began, over)]
    assert [quiet.began(moment, zone=far), quiet.over_at(moment, zone=far)] == expected


def test_quiet_hours_of_a_place_where_it_is_still_yesterday():
    assert quiet.over_at(at(24, 6), zone="America/New_York") == at(24, 17)


MINUTES = st.integers(0, 60 * 24 * 3)


@few(500)
@given(starts_in=MINUTES, told_before=MINUTES)
def test_every_plan_keeps_the_rules(starts_in, told_before):
    starts_at = at(24, 0) + timedelta(minutes=starts_in)
    told_at = starts_at - timedelta(minutes=told_before)
    planned = list(reminders.planned(starts_at=starts_at, told_at=told_at, zone=ZONE))
    assert [each.kind for each in planned] == sorted({each.kind for each in planned})
    for each in planned:
        assert told_at + reminders.GAP <= each.due_at < each.until <= starts_at - reminders.AHEAD
        assert quiet.over_at(each.due_at, zone=ZONE) is None
    if len(planned) == 2:
        assert planned[0].until <= planned[1].due_at
    if told_at < starts_at - timedelta(days=2):
        assert planned


@pytest.mark.parametrize(("hour", "found"), [(20, []), (21, ["scheduling.E001"]), (8, ["scheduling.E001"]), (9, [])])
def test_an_hour_at_which_none_can_leave_is_reported(settings, hour, found):
    settings.REMIND_AT = time(hour)
    assert [problem.id for problem in reminders_leave_by_day(None)] == found

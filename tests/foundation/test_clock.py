"""The clinic's wall time: hours and days as the clocks there show them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.template import Context, Template

from foundation.clock import (
    day_anywhere,
    day_bounds,
    day_of,
    day_start,
    known_zones,
    on_wall,
    today_on,
    wall_time,
)

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(("zone", "hour"), [("", 6), ("Europe/Moscow", 6), ("Asia/Vladivostok", -1)])
def test_an_hour_is_that_of_the_place(zone, hour):
    moment = wall_time(DAY, time(9), zone=zone)
    assert (moment, moment.tzinfo) == (datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=hour), UTC)


def test_a_day_ends_where_the_next_one_begins():
    assert day_bounds(DAY) == (day_start(DAY), day_start(DAY + timedelta(days=1)))
    assert day_bounds(DAY, DAY + timedelta(days=6))[1] == day_start(DAY + timedelta(days=7))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (DAY, 24)])
def test_a_day_has_the_hours_that_the_zone_gives_it(settings, day, hours):
    settings.TIME_ZONE = "Europe/Berlin"
    starts, ends = day_bounds(day)
    assert ends - starts == timedelta(hours=hours)


@pytest.mark.parametrize("until_midnight", [timedelta(0), timedelta(microseconds=1)])
def test_the_date_changes_at_the_clinics_midnight(until_midnight):
    assert day_of(day_start(DAY) - until_midnight) == DAY - timedelta(days=bool(until_midnight))


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        (time(2, 30), "Europe/Berlin", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # not on that wall: the clocks go on
        (time(3, 0), "Europe/Berlin", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (time(1, 59), "Europe/Berlin", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (time(2, 30), "Europe/Moscow", datetime(2027, 3, 27, 23, 30, tzinfo=UTC)),
    ],
)
def test_t27_hours_in_the_night_of_the_change(wall, zone, utc):
    assert wall_time(date(2027, 3, 28), wall, zone=zone) == utc


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_t27_an_hour_that_comes_twice(fold, hour):
    twice = wall_time(date(2027, 10, 31), time(2, 30, fold=fold), zone="Europe/Berlin")
    assert twice == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_the_same_wall_in_three_zones_is_three_moments():
    zones = ("Asia/Vladivostok", "Europe/Moscow", "Europe/Kaliningrad")
    hours = [wall_time(DAY, time(9), zone=zone).hour for zone in zones]
    assert hours == [23, 6, 7]


def test_the_days_of_a_term_are_whole_ones_over_the_end_of_a_year(settings):
    settings.TIME_ZONE = "Europe/Kaliningrad"
    starts, ends = day_bounds(date(2027, 12, 31), date(2028, 1, 1))
    assert (starts, ends) == (
        datetime(2027, 12, 30, 22, tzinfo=UTC),
        datetime(2028, 1, 1, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2028, 2, 28, 20, 59, tzinfo=UTC), date(2028, 2, 28)),
        (datetime(2028, 2, 28, 21, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2028, 2, 29, 21, 0, tzinfo=UTC), date(2028, 3, 1)),
        (datetime(2027, 12, 31, 21, 0, tzinfo=UTC), date(2028, 1, 1)),
    ],
)
def test_the_calendar_turns_in_moscow(moment, day):
    assert day_of(moment) == day


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "2026-11-25 00:30"),
        ("Europe/Berlin", "2026-11-24 22:30"),
        ("Asia/Kamchatka", "2026-11-25 09:30"),
        ("Moscow", "2026-11-25 00:30"),  # nobody knows it
    ],
)
def test_t96_a_wall_shows_its_own_hour_and_date(zone, shown):
    moment = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    wall = on_wall(moment, zone)
    assert f"{wall:%Y-%m-%d %H:%M}" == shown
    assert (wall, day_of(wall)) == (moment, wall.date())
    assert wall.hands == datetime.fromisoformat(shown)


def test_t96_templates_leave_the_hour_of_a_wall_and_move_any_other():
    moment = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    shows = Template("{{ it|date:'d H:i' }} {{ it|time:'H:i' }}")
    assert shows.render(Context({"it": on_wall(moment, "Europe/Berlin")})) == "24 22:30 22:30"
    assert shows.render(Context({"it": moment})) == "25 00:30 00:30"


@pytest.mark.parametrize(("hour", "utc_hour"), [("02:30", 0), ("02:30", 1)])
def test_t96_an_hour_that_comes_twice_is_shown_twice(hour, utc_hour):
    moment = datetime(2027, 10, 31, utc_hour, 30, tzinfo=UTC)
    wall = on_wall(moment, "Europe/Berlin")
    assert (f"{wall:%H:%M}", wall.fold, wall.astimezone(UTC)) == (hour, utc_hour, moment)


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", 24), ("Asia/Kamchatka", 25)])
def test_t96_today_is_that_of_the_wall(zone, day):
    now = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert today_on(on_wall(now + timedelta(days=9), zone), now=now) == date(2026, 11, day)


def test_t96_a_day_anywhere_holds_that_day_in_every_zone():
    last = DAY + timedelta(days=2)
    starts, ends = day_anywhere(DAY, last)
    assert (starts, ends) == (day_anywhere(DAY)[0], day_anywhere(last)[1])
    for zone in known_zones():
        assert starts <= wall_time(DAY, time.min, zone=zone)
        assert wall_time(last + timedelta(days=1), time.min, zone=zone) <= ends

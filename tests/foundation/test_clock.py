"""The clinic's wall time: hours and days as the clocks there show them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from foundation.clock import day_bounds, day_of, day_start, wall_time

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

"""Hours in which the clinic phones people, in its wall time (domain §6)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured

from waitlist import calling_hours

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(autouse=True)
def clinic_hours(settings, everyday_settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00"),  # Monday before hours
        ("2026-11-23 12:30", "2026-11-23 12:30"),
        ("2026-11-23 20:00", "2026-11-24 09:00"),
        ("2026-11-27 21:00", "2026-11-28 10:00"),  # Friday night: Saturday begins later
        ("2026-11-29 18:30", "2026-11-30 09:00"),
    ],
)
def test_the_next_moment_to_call(now, expected):
    assert calling_hours.next_moment(_at(now)) == _at(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 19:59", "2026-11-23 19:59"),
        ("2026-11-27 20:00", "2026-11-28 10:00"),
        ("2026-11-28 09:59", "2026-11-28 10:00"),  # Saturday
        ("2026-11-28 17:59", "2026-11-28 17:59"),
        ("2026-11-28 18:00", "2026-11-29 10:00"),
        ("2026-11-29 18:00", "2026-11-30 09:00"),  # Sunday
        ("2026-11-30 00:00", "2026-11-30 09:00"),
        ("2026-12-30 20:00", "2026-12-31 10:00"),  # a day off moved to New Year's Eve
        ("2026-12-31 18:00", "2027-01-01 10:00"),
    ],
)
def test_the_clinic_phones_from_the_first_minute_to_the_last(now, expected):
    assert calling_hours.next_moment(_at(now)) == _at(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 08:00", "2026-11-23 09:00"),
        ("2026-11-23 12:00", "2026-11-23 12:00"),
        ("2026-11-23 19:54", "2026-11-23 19:54"),
        ("2026-11-23 19:55", "2026-11-24 09:00"),  # the last call has begun
        ("2026-11-27 21:00", "2026-11-28 10:00"),
    ],
)
def test_the_next_call_begins_when_there_is_time_for_it(now, expected):
    assert calling_hours.next_call(_at(now)) == _at(expected)


def test_a_clinic_that_phones_nobody_on_holidays_waits_for_the_end_of_the_new_years(settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00"), ("00:00", "00:00")]
    assert calling_hours.next_moment(_at("2026-12-30 20:00")) == _at("2027-01-09 10:00")
    assert calling_hours.open_until(_at("2027-01-07 12:00")) is None
    assert not calling_hours.may_begin(_at("2027-01-07 12:00"))
    assert calling_hours.may_begin(_at("2027-01-11 12:00"))


def test_the_hours_are_those_of_the_clinics_wall(settings):
    settings.TIME_ZONE = "Europe/Moscow"
    night = datetime(2026, 11, 23, 21, 30, tzinfo=ZoneInfo("UTC"))
    assert calling_hours.next_moment(night) == datetime(2026, 11, 24, 6, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("day", "opens", "lasts"),
    [
        (date(2026, 11, 23), "2026-11-23 00:00", 24),
        (date(2026, 11, 28), "2026-11-28 12:00", 12),
    ],
)
def test_24_oclock_is_the_next_midnight(settings, day, opens, lasts):
    settings.CALL_HOURS = [("00:00", "24:00"), ("12:00", "24:00")]
    assert calling_hours.window(day) == (_at(opens), _at(opens) + timedelta(hours=lasts))


@pytest.mark.parametrize(("day", "lasts"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 4, 4), 24)])
def test_a_day_on_which_the_clocks_change_is_shorter_or_longer(settings, day, lasts):
    settings.TIME_ZONE, settings.CALL_HOURS = "Europe/Berlin", [("00:00", "24:00"), ("00:00", "24:00")]
    opens, closes = calling_hours.window(day)
    assert closes - opens == timedelta(hours=lasts)


def test_round_the_clock_every_moment_is_good(settings):
    settings.CALL_HOURS = [("00:00", "24:00"), ("00:00", "24:00")]
    for now in ("2026-11-23 00:00", "2026-11-23 23:59", "2026-11-28 00:00"):
        assert calling_hours.next_moment(_at(now)) == _at(now)


@pytest.mark.parametrize(
    ("weekends", "now", "until"),
    [
        (("00:00", "24:00"), "2026-11-23 23:57", "2026-11-25 00:00"),
        (("00:00", "24:00"), "2026-11-27 23:57", "2026-11-29 00:00"),  # Friday into Saturday
        (("00:00", "18:00"), "2026-11-27 23:57", "2026-11-28 18:00"),
        (("12:00", "24:00"), "2026-11-27 23:57", "2026-11-28 00:00"),  # Saturday begins later
        (("00:00", "00:00"), "2026-11-27 23:57", "2026-11-28 00:00"),  # Saturday has no hours
        (("12:00", "24:00"), "2026-11-28 11:59", None),
    ],
)
def test_hours_that_go_on_at_midnight_do_not_end_there(settings, weekends, now, until):
    settings.CALL_HOURS = [("00:00", "24:00"), weekends]
    assert calling_hours.open_until(_at(now)) == (_at(until) if until else None)


@pytest.mark.parametrize(("now", "until"), [("19:59", "20:00"), ("20:00", None), ("08:59", None), ("09:00", "20:00")])
def test_hours_of_the_day_end_as_it_closes(now, until):
    assert calling_hours.open_until(_at(f"2026-11-23 {now}")) == (_at(f"2026-11-23 {until}") if until else None)


@pytest.mark.parametrize("none", [("00:00", "00:00"), ("10:00", "10:00")])
@pytest.mark.parametrize("now", ["2026-11-27 20:00", "2026-11-28 00:00", "2026-11-28 09:00", "2026-11-29 23:59"])
def test_a_day_without_hours_is_passed_over(settings, none, now):
    settings.CALL_HOURS = [("09:00", "20:00"), none]
    assert calling_hours.next_moment(_at(now)) == _at("2026-11-30 09:00")


def test_weekends_alone_are_enough_and_no_hours_at_all_are_refused(settings):
    settings.CALL_HOURS = [("09:00", "09:00"), ("10:00", "18:00")]
    assert calling_hours.next_moment(_at("2026-11-29 18:00")) == _at("2026-12-05 10:00")
    settings.CALL_HOURS = [("09:00", "09:00"), ("10:00", "10:00")]
    with pytest.raises(ImproperlyConfigured, match="CALL_HOURS"):
        calling_hours.next_moment(_at("2026-11-29 18:00"))


def _at(text):
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)

"""A call back is promised for a moment at which the clinic phones people (W14, T101)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from waitlist import call_backs
from waitlist.call_backs import CallBack
from waitlist.errors import CallBackTimeNeeded, NobodyPhonesThen

MOSCOW = ZoneInfo("Europe/Moscow")
HOURS = [("09:00", "20:00"), ("10:00", "18:00")]


@pytest.fixture(autouse=True)
def clinic_hours(settings, everyday_settings):
    settings.CALL_HOURS = HOURS


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def said(now):
    return {
        choice.value: f"{moment.astimezone(MOSCOW):%m-%d %H:%M}" for choice, moment in call_backs.moments(now).items()
    }


MORNINGS = {"tomorrow": "11-24 10:00", "monday": "11-30 10:00"}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            "2026-11-23 12:00",
            {"quarter": "11-23 12:15", "hour": "11-23 13:00", "evening": "11-23 18:00"} | MORNINGS,
        ),
        ("2026-11-23 17:59", {"quarter": "11-23 18:14", "hour": "11-23 18:59", "evening": "11-23 18:00"} | MORNINGS),
        ("2026-11-23 18:00", {"quarter": "11-23 18:15", "hour": "11-23 19:00"} | MORNINGS),
        ("2026-11-23 19:30", {"quarter": "11-23 19:45"} | MORNINGS),
        ("2026-11-23 19:50", MORNINGS),
        (
            "2026-11-28 12:00",  # Saturday: the hours end at 18:00
            {
                "quarter": "11-28 12:15",
                "hour": "11-28 13:00",
                "evening": "11-28 17:00",
                "tomorrow": "11-29 10:00",
                "monday": "11-30 10:00",
            },
        ),
        ("2026-11-29 19:00", {"tomorrow": "11-30 10:00"}),  # Sunday: tomorrow is that Monday
    ],
)
def test_u33_only_what_has_a_sense_now_is_offered(now, expected):
    assert said(at(now)) == expected


def test_a_holiday_without_hours_is_no_tomorrow(settings):
    settings.CALL_HOURS = [*HOURS, ("00:00", "00:00")]
    assert set(said(at("2026-12-30 12:00"))) == {"quarter", "hour", "evening"}, "31 December to 8 January are off"


def test_where_the_hours_end_before_the_evening_there_is_none(settings):
    settings.CALL_HOURS = [("09:00", "16:30"), ("10:00", "12:00")]
    assert "evening" not in said(at("2026-11-23 12:00"))
    assert said(at("2026-11-27 12:00"))["tomorrow"] == "11-28 10:00"


def test_where_the_day_begins_at_noon_nobody_is_phoned_in_the_morning(settings):
    settings.CALL_HOURS = [("12:00", "24:00"), ("11:00", "24:00")]
    assert set(said(at("2026-11-23 13:00"))) == {"quarter", "hour", "evening"}
    assert said(at("2026-11-27 13:00"))["tomorrow"] == "11-28 11:00"


@pytest.mark.parametrize("hours", [HOURS, [("00:00", "24:00")] * 2, [*HOURS, ("00:00", "00:00")]])
def test_t101_every_moment_can_be_promised(settings, hours):
    settings.CALL_HOURS = hours
    for minutes in range(0, 60 * 24 * 400, 37):
        now = at("2026-01-01 00:00") + timedelta(minutes=minutes)
        for moment in call_backs.moments(now).values():
            call_backs.check(moment, now=now)


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        (None, CallBackTimeNeeded),
        ("2026-11-23 12:00", CallBackTimeNeeded),
        ("2026-11-23 19:55", NobodyPhonesThen),
        ("2026-11-24 08:59", NobodyPhonesThen),
    ],
)
def test_what_cannot_be_promised_is_refused(moment, error):
    with pytest.raises(error):
        call_backs.check(at(moment) if moment else None, now=at("2026-11-23 12:00"))


def test_each_choice_has_its_place():
    assert list(call_backs.moments(at("2026-11-23 12:00"))) == list(CallBack)

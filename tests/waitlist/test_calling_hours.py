from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

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


def _at(text):
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)

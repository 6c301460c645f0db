from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from foundation.wording import lasting_time, short_time, spoken_day, spoken_time

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


def at(day, hour=14, minute=30):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Moscow"))


def test_a_time_is_read_out_in_words():
    assert spoken_time(at(22), now=NOW) == "сегодня, в воскресенье 22 ноября, в 14:30"
    assert spoken_time(at(23), now=NOW) == "завтра, в понедельник 23 ноября, в 14:30"
    assert spoken_time(at(24, 9, 5), now=NOW) == "во вторник 24 ноября, в 09:05"


def test_another_year_is_named():
    assert spoken_day(date(2027, 1, 11), today=NOW.date()) == "в понедельник 11 января 2027"


def test_a_text_read_later_never_says_tomorrow():
    assert lasting_time(at(23)) == "в понедельник 23 ноября, в 14:30"


def test_figures_for_scanning():
    assert short_time(at(23)) == "пн 23.11 14:30"


@pytest.mark.parametrize(("utc_hour", "shown"), [(20, "23 ноября"), (21, "24 ноября")])
def test_the_day_is_the_clinics(utc_hour, shown):
    assert shown in spoken_time(datetime(2026, 11, 23, utc_hour, tzinfo=ZoneInfo("UTC")), now=NOW)

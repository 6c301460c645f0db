from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from foundation.clock import on_wall
from foundation.wording import lasting_time, short_time, spoken_day, spoken_time

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


def at(day, hour=14, minute=30):
    return on_wall(datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Moscow")))


def test_a_time_is_read_out_in_words():
    assert spoken_time(at(22), now=NOW) == "сегодня, в воскресенье 22 ноября, в 14:30"
    assert spoken_time(at(23), now=NOW) == "завтра, в понедельник 23 ноября, в 14:30"
    assert spoken_time(at(24, 9, 5), now=NOW) == "во вторник 24 ноября, в 09:05"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (20, "в пятницу 20 ноября"),
        (21, "в субботу 21 ноября"),
        (22, "сегодня, в воскресенье 22 ноября"),
        (23, "завтра, в понедельник 23 ноября"),
        (24, "во вторник 24 ноября"),
        (25, "в среду 25 ноября"),
        (26, "в четверг 26 ноября"),
    ],
)
def test_only_today_and_tomorrow_have_a_word_of_their_own(day, words):
    assert spoken_day(date(2026, 11, day), today=NOW.date()) == words


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        (date(2026, 12, 31), date(2026, 12, 30), "завтра, в четверг 31 декабря"),
        (date(2027, 1, 1), date(2026, 12, 31), "завтра, в пятницу 1 января 2027"),
        (date(2026, 12, 31), date(2027, 1, 1), "в четверг 31 декабря 2026"),
        (date(2028, 2, 29), date(2028, 2, 28), "завтра, во вторник 29 февраля"),
        (date(2028, 3, 1), date(2028, 2, 28), "в среду 1 марта"),
    ],
)
def test_days_around_the_turn_of_a_year_and_of_february(day, today, words):
    assert spoken_day(day, today=today) == words


def test_the_words_of_another_language_are_not_kept_for_this_one():
    russian = spoken_time(at(23), now=NOW)
    with translation.override("en"):
        english = spoken_time(at(23), now=NOW)
        assert (english, spoken_day(at(23).date(), today=NOW.date())) == (
            "tomorrow, on Monday 23 November, at 14:30",
            "tomorrow, on Monday 23 November",
        )
    assert spoken_time(at(23), now=NOW) == russian


def test_without_a_moment_now_is_the_present():
    with time_machine.travel(NOW, tick=False):
        assert spoken_time(at(23)) == spoken_time(at(23), now=NOW)


def test_another_year_is_named():
    assert spoken_day(date(2027, 1, 11), today=NOW.date()) == "в понедельник 11 января 2027"


def test_a_text_read_later_never_says_tomorrow():
    assert lasting_time(at(23)) == "в понедельник 23 ноября, в 14:30"


def test_figures_for_scanning():
    assert short_time(at(23)) == "пн 23.11 14:30"
    assert short_time(at(1, 9, 5)) == "вс 01.11 09:05"


@pytest.mark.parametrize(
    ("say", "words"), [(lasting_time, "во вторник 24 ноября, в 00:30"), (short_time, "вт 24.11 00:30")]
)
def test_a_moment_of_another_zone_is_told_by_the_clinics_wall(say, words):
    assert say(on_wall(datetime(2026, 11, 23, 21, 30, tzinfo=ZoneInfo("UTC")))) == words


@pytest.mark.parametrize(("utc_hour", "shown"), [(20, "23 ноября"), (21, "24 ноября")])
def test_the_day_is_the_clinics(utc_hour, shown):
    assert shown in spoken_time(on_wall(datetime(2026, 11, 23, utc_hour, tzinfo=ZoneInfo("UTC"))), now=NOW)

"""Puts times into words, as a person reads them out (R13, R15): «завтра, в понедельник 23 ноября, в 14:30»."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from foundation.clock import WallTime, today_on

ON_WEEKDAY = (
    _("on Monday"),
    _("on Tuesday"),
    _("on Wednesday"),
    _("on Thursday"),
    _("on Friday"),
    _("on Saturday"),
    _("on Sunday"),
)


def spoken_day(day: date, *, today: date) -> str:
    """Returns «сегодня, в понедельник 23 ноября», «во вторник 24 ноября»; another year is named."""
    return _spoken_day(day, today, get_language())


@lru_cache(maxsize=1000)
def _spoken_day(day: date, today: date, language: str | None) -> str:
    year = "" if day.year == today.year else format_date(day, " Y")
    words = f"{ON_WEEKDAY[day.weekday()]} {format_date(day, 'j E')}{year}"
    if near := {0: gettext("today"), 1: gettext("tomorrow")}.get((day - today).days):
        return f"{near}, {words}"
    return words


def spoken_time(wall: WallTime, *, now: datetime | None = None) -> str:
    """Returns the day and the hour of a visit in words, as the clock on the wall of its place shows them."""
    return _spoken_time(wall.date(), f"{wall:%H:%M}", today_on(wall, now=now), get_language())


@lru_cache(maxsize=2000)
def _spoken_time(day: date, hour: str, today: date, language: str | None) -> str:
    return _day_and_time(_spoken_day(day, today, language), hour)


def lasting_time(wall: WallTime) -> str:
    """Returns «во вторник 24 ноября, в 14:30», for a text read later, when «завтра» would be wrong."""
    day = f"{ON_WEEKDAY[wall.weekday()]} {format_date(wall.date(), 'j E')}"
    return _day_and_time(day, f"{wall:%H:%M}")


def short_time(wall: WallTime) -> str:
    """Returns «пн 23.11 14:30», for scanning."""
    return f"{format_date(wall.date(), 'D').lower()} {wall:%d.%m %H:%M}"


def _day_and_time(day: str, hour: str) -> str:
    return pgettext("day and time of a visit", "%(day)s, at %(time)s") % {"day": day, "time": hour}

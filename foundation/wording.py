"""Puts times into words, as a person reads them out (R13, R15): «завтра, в понедельник 23 ноября, в 14:30»."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

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


def spoken_time(moment: datetime, *, now: datetime | None = None) -> str:
    """Returns the day and the hour of a visit in words."""
    return _spoken_time(moment, timezone.localdate(now), get_language())


@lru_cache(maxsize=2000)
def _spoken_time(moment: datetime, today: date, language: str | None) -> str:
    local = timezone.localtime(moment)
    return _day_and_time(_spoken_day(local.date(), today, language), local)


def lasting_time(moment: datetime) -> str:
    """Returns «во вторник 24 ноября, в 14:30», for a text read later, when «завтра» would be wrong."""
    local = timezone.localtime(moment)
    day = f"{ON_WEEKDAY[local.weekday()]} {format_date(local, 'j E')}"
    return _day_and_time(day, local)


def short_time(moment: datetime) -> str:
    """Returns «пн 23.11 14:30», for scanning."""
    local = timezone.localtime(moment)
    return f"{format_date(local, 'D').lower()} {local:%d.%m %H:%M}"


def _day_and_time(day: str, local: datetime) -> str:
    return pgettext("day and time of a visit", "%(day)s, at %(time)s") % {
        "day": day,
        "time": f"{local:%H:%M}",
    }

"""Hours in which the clinic phones people, on weekdays, weekends and holidays, in wall time (domain §6)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.clock import day_bounds, day_of, wall_time

LAST_CALL = timedelta(minutes=5)
"""No call begins so shortly before the hours end."""
DAYS_AHEAD = 21
"""Within so many days there are hours, or there are none at all."""


def window(day: date) -> tuple[datetime, datetime]:
    """Returns the first and the last moment of calling on a day; `24:00` is the next midnight."""
    opens, closes = _hours(day)
    return _at(day, opens), _at(day, closes)


def next_moment(now: datetime) -> datetime:
    """Returns `now` within calling hours, else the moment they begin next. A day that opens as it closes has none."""
    for days in range(DAYS_AHEAD + 1):
        opens, closes = window(day_of(now) + timedelta(days=days))
        if (moment := max(now, opens)) < closes:
            return moment
    raise ImproperlyConfigured("CALL_HOURS has no hour on any day. Give weekdays or weekends some: 09:00-20:00.")


def open_until(now: datetime) -> datetime | None:
    """Returns the moment at which the calling hours of now end; None outside of them.

    Hours that go on at midnight end tomorrow: a clinic open round the clock does not close then.
    """
    opens, closes = window(day_of(now))
    if not opens <= now < closes:
        return None
    goes_on, ends = window(day_of(now) + timedelta(days=1))
    return ends if goes_on == closes else closes


def may_begin(now: datetime) -> bool:
    """Tells whether a call may begin: within the hours, and not shortly before they end."""
    closes = open_until(now)
    return closes is not None and closes - now > LAST_CALL


def next_call(now: datetime) -> datetime:
    """Returns the moment from which a call may begin."""
    return now if may_begin(now) else next_moment(max(now, open_until(now) or now))


def _hours(day: date) -> Sequence[str]:
    """Returns the hours of a day as written in the settings; holidays without hours of their own have the weekend's."""
    weekdays, weekends, *others = settings.CALL_HOURS
    if _is_holiday(day):
        return others[0] if others else weekends
    return weekends if day.isoweekday() > 5 else weekdays


@lru_cache(maxsize=100)
def _is_holiday(day: date) -> bool:
    return day in holidays.country_holidays("RU", years=day.year)


def _at(day: date, text: str) -> datetime:
    return day_bounds(day)[1] if text == "24:00" else wall_time(day, time.fromisoformat(text))

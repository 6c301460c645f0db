"""Hours in which the clinic phones people, on weekdays and weekends, in wall time (domain §6)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.clock import day_bounds, day_of, wall_time

DAYS_AHEAD = 7
"""Within so many days there are hours, or there are none at all."""


def window(day: date) -> tuple[datetime, datetime]:
    """Returns the first and the last moment of calling on a day; `24:00` is the next midnight."""
    opens, closes = settings.CALL_HOURS[day.isoweekday() > 5]
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


def _at(day: date, text: str) -> datetime:
    return day_bounds(day)[1] if text == "24:00" else wall_time(day, time.fromisoformat(text))

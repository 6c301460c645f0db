"""Hours in which the clinic phones people, on weekdays and weekends, in wall time (domain §6)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings

from foundation.clock import day_bounds, day_of, wall_time


def window(day: date) -> tuple[datetime, datetime]:
    """Returns the first and the last moment of calling on a day; `24:00` is the next midnight."""
    opens, closes = settings.CALL_HOURS[day.isoweekday() > 5]
    return _at(day, opens), _at(day, closes)


def next_moment(now: datetime) -> datetime:
    """Returns `now` within calling hours, else the moment they begin next."""
    day = day_of(now)
    while True:
        opens, closes = window(day)
        if now < closes:
            return max(now, opens)
        day += timedelta(days=1)


def _at(day: date, text: str) -> datetime:
    return day_bounds(day)[1] if text == "24:00" else wall_time(day, time.fromisoformat(text))

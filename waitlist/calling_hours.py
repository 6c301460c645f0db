"""When the clinic phones people (domain §6): weekdays and weekends, wall time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def window(day: date) -> tuple[datetime, datetime]:
    """From–until of a day. `24:00` is the next midnight."""
    opens, closes = settings.CALL_HOURS[day.isoweekday() > 5]
    return _at(day, opens), _at(day, closes)


def next_moment(now: datetime) -> datetime:
    """`now` when the clinic is phoning, else when it begins to."""
    day = timezone.localtime(now).date()
    while True:
        opens, closes = window(day)
        if now < closes:
            return max(now, opens)
        day += timedelta(days=1)


def _at(day: date, text: str) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    if text == "24:00":
        return datetime.combine(day + timedelta(days=1), time.min, zone)
    return datetime.combine(day, time.fromisoformat(text), zone)

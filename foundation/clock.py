"""The clinic's wall time: what the clocks there show, whatever the offset of the zone is that day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def wall_time(day: date, at: time, *, zone: str = "") -> datetime:
    """Returns the moment of a day's wall time, in the clinic or in another `zone`; reckoned in UTC (T27)."""
    return datetime.combine(day, at, ZoneInfo(zone or settings.TIME_ZONE)).astimezone(UTC)


def day_start(day: date) -> datetime:
    """Returns the midnight with which the day begins."""
    return wall_time(day, time.min)


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Returns the start of the day and the end of it or of the `last` one. The end belongs to the next day."""
    return day_start(first), day_start((last or first) + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """Returns the date that the clinic's calendar shows at this moment."""
    return timezone.localdate(moment)

"""The clinic's wall time: what the clocks there show, whatever the offset of the zone is that day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def wall_time(day: date, at: time, *, zone: str = "") -> datetime:
    """09:00 by the clock on the wall, of the clinic or of a place in another `zone`; reckoned in UTC (T27)."""
    return datetime.combine(day, at, ZoneInfo(zone or settings.TIME_ZONE)).astimezone(UTC)


def day_start(day: date) -> datetime:
    """Midnight with which the day begins."""
    return wall_time(day, time.min)


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """From the beginning of the day to its end, or to the end of the `last` one. The end belongs to the next day."""
    return day_start(first), day_start((last or first) + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """The date that the clinic's calendar shows at this moment."""
    return timezone.localdate(moment)

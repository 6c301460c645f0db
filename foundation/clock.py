"""The clinic's wall time: what the clocks there show, whatever the offset of the zone is that day."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Returns the names of the zones that this machine knows."""
    return frozenset(available_timezones())


def zone_named(name: str) -> ZoneInfo:
    """Returns the zone, and the clinic's for an empty name or one that nobody knows, so that no page fails by it."""
    return ZoneInfo(name if name in known_zones() else settings.TIME_ZONE)


def wall_time(day: date, at: time, *, zone: str = "") -> datetime:
    """Returns the moment of a day's wall time, in the clinic or in another `zone`; reckoned in UTC (T27)."""
    return datetime.combine(day, at, zone_named(zone)).astimezone(UTC)


def day_start(day: date) -> datetime:
    """Returns the midnight with which the day begins."""
    return wall_time(day, time.min)


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Returns the start of the day and the end of it or of the `last` one. The end belongs to the next day."""
    return day_start(first), day_start((last or first) + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """Returns the date that the clinic's calendar shows at this moment."""
    return timezone.localdate(moment)

"""The clinic's wall time: what the clocks there show, whatever the offset of the zone is that day."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone

EAST, WEST = timedelta(hours=14), timedelta(hours=12)
"""How far the zones of the earth are ahead of UTC and behind it."""


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


class WallTime(datetime):
    """A moment as the clocks show it at a place; templates leave its hour alone, which they would else move."""

    convert_to_local_time = False

    @property
    def hands(self) -> datetime:
        """The date and hour without the zone, to draw several places in one grid."""
        return datetime.combine(self.date(), self.time())


def on_wall(moment: datetime, zone: str = "") -> WallTime:
    """Returns the moment as the clocks in `zone` show it; without one, as the clinic's do."""
    there = moment.astimezone(zone_named(zone))
    return WallTime(*there.timetuple()[:6], there.microsecond, there.tzinfo, fold=there.fold)


def today_on(wall: WallTime, *, now: datetime | None = None) -> date:
    """Returns the date that the calendar on the same wall shows now."""
    return (now or timezone.now()).astimezone(wall.tzinfo).date()


def day_anywhere(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Returns bounds that hold the day, or the days until the `last` one, in every zone of the earth."""
    begins, ends = (datetime.combine(day, time.min, UTC) for day in (first, (last or first) + timedelta(days=1)))
    return begins - EAST, ends + WEST


def day_start(day: date) -> datetime:
    """Returns the midnight with which the day begins."""
    return wall_time(day, time.min)


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Returns the start of the day and the end of it or of the `last` one. The end belongs to the next day."""
    return day_start(first), day_start((last or first) + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """Returns the date that the clinic's calendar shows at this moment; for a time on a wall, that of its place."""
    return moment.date() if isinstance(moment, WallTime) else timezone.localdate(moment)

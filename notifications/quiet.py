"""The quiet hours of the clinic (`QUIET_HOURS`), in which no reminder leaves."""

from datetime import datetime, timedelta

from django.conf import settings

from foundation.clock import on_wall, wall_time

A_DAY = timedelta(days=1)


def began(moment: datetime, *, zone: str) -> datetime | None:
    """Returns when the quiet hours began that this moment is in, on the walls of that zone; None by day."""
    first, last = settings.QUIET_HOURS
    wall = on_wall(moment, zone)
    at, day = wall.time(), wall.date()
    if first <= at and (at < last or last < first):
        return wall_time(day, first, zone=zone)
    return wall_time(day - A_DAY, first, zone=zone) if at < last < first else None


def over_at(moment: datetime, *, zone: str) -> datetime | None:
    """Returns when the quiet hours end that this moment is in; None by day."""
    first, last = settings.QUIET_HOURS
    begun = began(moment, zone=zone)
    if begun is None:
        return None
    day = on_wall(begun, zone).date()
    return wall_time(day + A_DAY if last < first else day, last, zone=zone)

"""The clock of a simulation: minutes since a Monday, the calling hours, and the present moment of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.db.backends.signals import connection_created
from django.utils import timezone

from foundation.background import wakeups
from foundation.clock import wall_time
from foundation.database import clock as database_clock

HOUR, DAY = 60.0, 1440.0
WEEK = 7 * DAY
MONDAY = date(2027, 7, 5)
"""Minute 0 is the midnight at which this day begins; no holiday follows within four months."""
CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
_WORKED_IN_WEEK = (5 * 11 + 2 * 8) * HOUR
_BEGINNING = wall_time(MONDAY, time.min)


class SimulatedClock:
    """The present moment of a simulation, in minutes since its beginning."""

    def __init__(self) -> None:
        self.minute = 0.0

    def now(self) -> datetime:
        return moment(self.minute)


def moment(minute: float) -> datetime:
    return _BEGINNING + timedelta(minutes=minute)


def minute_of(at: datetime) -> float:
    return (at - _BEGINNING) / timedelta(minutes=1)


def day_at(minute: float) -> date:
    return MONDAY + timedelta(days=int(minute // DAY))


def hours(minute: float) -> tuple[float, float]:
    """Returns when calling begins and ends on the day of this minute."""
    midnight = minute // DAY * DAY
    opens, closes = (10, 18) if is_weekend(minute) else (9, 20)
    return midnight + opens * HOUR, midnight + closes * HOUR


def is_weekend(minute: float) -> bool:
    return int(minute // DAY) % 7 > 4


def is_open(minute: float) -> bool:
    opens, closes = hours(minute)
    return opens <= minute < closes


def next_open(minute: float) -> float:
    """Returns this minute within calling hours, else the one at which they begin next."""
    opens, closes = hours(minute)
    if minute < closes:
        return max(minute, opens)
    return hours((minute // DAY + 1) * DAY)[0]


def worked(minute: float) -> float:
    """Returns the minutes of calling hours from the beginning up to this one."""
    weeks, rest = divmod(minute, WEEK)
    passed = sum(closes - opens for opens, closes in (hours(day * DAY) for day in range(int(rest // DAY))))
    opens, closes = hours(rest)
    return weeks * _WORKED_IN_WEEK + passed + min(max(rest - opens, 0), closes - opens)


@contextmanager
def living_in(clock: SimulatedClock) -> Iterator[None]:
    """Makes the clock the present moment of this process; no task is woken, the simulation runs them itself.

    The clock of the database goes on in the real time: how far it is ahead is not measured.
    """
    measured = connection_created.disconnect(database_clock.measure)
    try:
        with patch.object(timezone, "now", clock.now), patch.object(wakeups, "after_commit", _not_woken):
            yield
    finally:
        if measured:
            connection_created.connect(database_clock.measure)


def _not_woken(task: str, **_fallback: object) -> None:
    """Does nothing: the task runs at the simulation's next sweep."""

"""A number that was dialled is left in peace for a while, whatever else there is to tell its people (T101)."""

from datetime import datetime, timedelta

from django.conf import settings

from foundation.clock import day_of, day_start
from foundation.database import clock
from worklist.models import PhonedNumber, Task

KEPT = timedelta(days=30)
"""A number that was not dialled for so long is forgotten."""


def dialled(*, task: Task, pause: timedelta) -> None:
    """Writes that the number of this task was dialled just now; nobody phones it again before the pause is over.

    After so many calls on one day it is not phoned before the next day.
    """
    now = clock.now()
    known = PhonedNumber.objects.select_for_update().filter(key=task.claim_key).first()
    today = known is not None and day_of(known.dialled_at) == day_of(now)
    dials = known.dials + 1 if known and today else 1
    PhonedNumber.objects.update_or_create(
        key=task.claim_key,
        defaults={"dialled_at": now, "dials": dials, "paused_until": _until(now, pause, dials)},
    )


def forget(*, before: datetime) -> int:
    """Forgets numbers that were dialled before this moment and returns how many."""
    return PhonedNumber.objects.filter(dialled_at__lt=before, paused_until__lt=before).delete()[0]


def _until(now: datetime, pause: timedelta, dials: int) -> datetime:
    if dials < settings.CALLS_PER_DAY:
        return now + pause
    return max(now + pause, day_start(day_of(now) + timedelta(days=1)))

"""A number that was dialled is left in peace for a while, whatever else there is to tell its people (T101)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from foundation.clock import day_of, day_start
from foundation.database import clock
from worklist.models import Claim, PhonedNumber, Task

KEPT = timedelta(days=30)
"""A number that was not dialled for so long is forgotten."""


def dialled(*, task: Task, pause: timedelta, by: Actor) -> None:
    """Writes that this person has dialled the number of a task; nobody phones it again before the pause is over.

    One call is one dial, whatever else it was about. After so many on one day it is not phoned before the next day.
    """
    claim = Claim.objects.filter(key=task.claim_key, by=by.ref).first()
    _write(task.claim_key, pause, since=claim.created_at if claim else None)


def talked(*, about: QuerySet[Task], by: Actor) -> None:
    """Writes that this person has dialled the number of these tasks if they have claimed it, once for a call."""
    claim = Claim.objects.filter(key__in=about.values("claim_key"), by=by.ref).first()
    if claim and not PhonedNumber.objects.filter(key=claim.key, dialled_at__gte=claim.created_at).exists():
        _write(claim.key, timedelta(minutes=settings.CALL_RETRY_SOON_MINUTES), since=claim.created_at)


def _write(key: str, pause: timedelta, *, since: datetime | None) -> None:
    """Counts a dial of this number unless it was dialled in the same call, which has begun at `since`.

    A line that was cut off, which has no pause, is dialled anew.
    """
    now = clock.now()
    known = PhonedNumber.objects.select_for_update().filter(key=key).first()
    until, dials = now + pause, 1
    if known and since and since < known.dialled_at < known.paused_until:
        until, dials = max(until, known.paused_until), known.dials
    elif known and day_of(known.dialled_at) == day_of(now):
        dials = known.dials + 1
    if dials >= settings.CALLS_PER_DAY:
        until = max(until, day_start(day_of(now) + timedelta(days=1)))
    PhonedNumber.objects.update_or_create(key=key, defaults={"dialled_at": now, "dials": dials, "paused_until": until})


def forget(*, before: datetime) -> int:
    """Forgets numbers that were dialled before this moment and returns how many."""
    return PhonedNumber.objects.filter(dialled_at__lt=before, paused_until__lt=before).delete()[0]

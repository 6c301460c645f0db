"""The waitlist keeps little from the public: caps on what it holds at once (T100)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.clock import day_bounds, day_of
from foundation.database.locks import advisory_lock
from scheduling.choices import OF_WAITLIST
from scheduling.models import Shift, Slot

LOCK = "waitlist.holds"
WEEK = timedelta(days=7)


def has_room(run: Sequence[Slot], *, now: datetime, own: UUID | None = None) -> bool:
    """Tells whether the waitlist may keep this run of slots from the public; who asks is the only one until they end.

    It keeps one visit of a doctor's day at most, and a share of the coming week's slots. What is held under `own` is
    this very time.
    """
    advisory_lock(LOCK)
    held = Slot.objects.filter(hold_token__isnull=False, hold_reason__in=OF_WAITLIST, held_until__gt=now)
    others = held.exclude(hold_token=own) if own else held
    starts, ends = day_bounds(day_of(run[0].starts_at))
    of_day = others.filter(doctor=run[0].doctor_id, starts_at__gte=starts, starts_at__lt=ends)
    if of_day.values("hold_token").distinct().count() >= settings.WAITLIST_HELD_PER_DAY:
        return False
    if run[0].starts_at >= now + WEEK:
        return True
    kept = others.filter(starts_at__gt=now, starts_at__lt=now + WEEK).count()
    return kept + len(run) <= max(len(run), _slots_of_week(now) * settings.WAITLIST_HELD_PERCENT // 100)


def _slots_of_week(now: datetime) -> int:
    """Counts the slots of the coming seven days by their shifts, which are few."""
    today = day_of(now)
    shifts = Shift.objects.filter(date__gt=today, date__lte=today + WEEK)
    lengths = shifts.values_list("starts_at", "ends_at", "slot_minutes")
    return sum((ends - starts) // timedelta(minutes=minutes) for starts, ends, minutes in lengths)

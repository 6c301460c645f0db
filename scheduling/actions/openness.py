"""Opens and closes published times: `close`, `open_again` and `close_missed` write `Slot.absence`.

The lock of the timetable comes first in the order of locks: an absence that is being written and a shift that is being
published would not see each other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from foundation.database import clock
from foundation.database.locks import advisory_lock
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.models import Absence, Shift, Slot
from scheduling.queries import openness
from scheduling.queries.openness import Touched


class Closed(NamedTuple):
    """The times that an absence has closed."""

    slots: list[Slot]
    holds: set[UUID]
    """The tokens of the holds that ended with it: forms in a browser, and offers of the waitlist."""


def lock_timetable() -> None:
    """Lets one at a time change which times are open. Take it before any row is locked."""
    advisory_lock("timetable")


def close(absence: Absence) -> Closed:
    """Closes the times ahead that the absence touches, booked and held ones too; holds on them end."""
    return _close(openness.touched_by(absence.pk, now=clock.now()))


def close_shifts(shifts: Iterable[Shift]) -> Closed:
    """Closes the times of shifts that are being published, where an absence touches them."""
    return _close(openness.touched_by_any(shifts=[shift.pk for shift in shifts], now=clock.now()))


def close_missed(*, now: datetime | None = None) -> Closed:
    """Closes what slipped: an open time that an absence touches. Returns nothing as long as all else is right."""
    lock_timetable()
    return _close(openness.touched_by_any(now=now or clock.now()))


def open_again(absence: Absence) -> int:
    """Opens the times that only this absence closes; the waitlist hears of those that nobody has. Returns how many."""
    slots.lock(Slot.objects.filter(absence=absence).values_list("pk", flat=True))
    opened = slots.lock(openness.give_to_others(absence.pk))
    slots.release(opened, reason=ReleaseReason.UNBLOCKED)
    return len(opened)


def _close(touched: Sequence[Touched]) -> Closed:
    absences = {each.slot: each.absence for each in touched}
    closed = [slot for slot in slots.lock(absences) if slot.absence_id is None]
    holds = {slot.hold_token for slot in closed if slot.hold_token and slot.hold_reason != HoldReason.UNDO}
    for absence in set(absences.values()):
        run = [slot for slot in closed if absences[slot.pk] == absence]
        kept = [slot.pk for slot in run if slot.hold_reason == HoldReason.UNDO]  # a step may still be undone
        if kept:
            Slot.objects.filter(pk__in=kept).update(absence=absence)
        Slot.objects.filter(pk__in={slot.pk for slot in run}.difference(kept)).update(absence=absence, **slots.NO_HOLD)
    return Closed(closed, holds)

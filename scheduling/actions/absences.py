"""`absences.add(...)`, `absences.remove(...)`: spans of time in which nothing can be booked.

An absence closes the times it touches, whoever has them: booked visits stay, and their times stay closed when they are
left. Who has to be phoned about them is asked above, in `booking`.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.actions import openness
from scheduling.actions.openness import Closed
from scheduling.choices import AbsenceKind
from scheduling.errors import AbsenceOver, AbsenceTooLong
from scheduling.models import Absence, Doctor, Location, Room
from scheduling.models.absence import LONGEST


def add(
    *,
    kind: AbsenceKind,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    doctor: Doctor | None = None,
    room: Room | None = None,
    location: Location | None = None,
    note: str = "",
) -> tuple[Absence, Closed]:
    """Writes an absence down and closes the times it touches. The same absence again is the one that is there.

    Without a doctor, a room and a location it is everybody's. The caller holds the lock of the timetable. Raises
    AbsenceOver for one that has ended, AbsenceTooLong for more than three years.
    """
    if ends_at <= timezone.now():
        raise AbsenceOver
    if ends_at - starts_at > LONGEST:
        raise AbsenceTooLong
    what = {"kind": kind, "doctor": doctor, "room": room, "location": location}
    there = Absence.objects.filter(**what, starts_at=starts_at, ends_at=ends_at).first()
    if there:
        return there, openness.close(there)
    absence = Absence.objects.create(**what, starts_at=starts_at, ends_at=ends_at, note=note)
    closed = openness.close(absence)
    trail.record(
        by=by,
        action="schedule.absence_added",
        object_ref=str(absence.pk),
        **_told(absence),
        closed=len(closed.slots),
    )
    return absence, closed


def remove(*, absence: Absence, by: Actor) -> int:
    """Takes an absence back: the times that no other one closes are open again. Returns how many of them are free."""
    openness.lock_timetable()
    opened = openness.open_again(absence)
    trail.record(by=by, action="schedule.absence_removed", object_ref=str(absence.pk), **_told(absence), opened=opened)
    absence.delete()
    return opened


def _told(absence: Absence) -> dict[str, Any]:
    whose = {name: getattr(absence, f"{name}_id") for name in ("doctor", "room", "location")}
    times = {"starts_at": absence.starts_at.isoformat(), "ends_at": absence.ends_at.isoformat()}
    return {name: str(key) for name, key in whose.items() if key} | times | {"kind": absence.kind}

"""`absences.add(...)`, `absences.remove(...)`: spans of time in which nothing can be booked.

An absence closes the times it touches, whoever has them: booked visits stay, and their times stay closed when they are
left. Who has to be phoned about them is asked above, in `booking`.
"""

from typing import Any

from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.actions import openness
from scheduling.actions.openness import Closed
from scheduling.data import AbsenceData
from scheduling.models import Absence


def add(*, data: AbsenceData, by: Actor) -> tuple[Absence, Closed]:
    """Writes an absence down and closes the times it touches. The same absence again is the one that is there.

    The caller holds the lock of the timetable. Raises AbsenceOver, AbsenceTooLong.
    """
    data.check()
    columns = {**data.whose._asdict(), "kind": data.kind, "starts_at": data.starts_at, "ends_at": data.ends_at}
    if there := Absence.objects.filter(**columns).first():
        return there, openness.close(there)
    absence = Absence.objects.create(**columns, note=data.note)
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

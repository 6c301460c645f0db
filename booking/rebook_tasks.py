"""Tasks to phone about visits that cannot stay as they are: an absence strands them (S04), or they no longer hold."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from booking import holding
from booking.holding import BrokenVisit
from foundation.accounts.actors import Actor, system
from foundation.database import clock
from patients.contact import number_of
from scheduling.models import Absence, Appointment
from scheduling.queries import openness
from worklist import queries as worklist
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind

OPENNESS = system("openness")
Causes = Mapping[UUID, UUID | None]
"""Visits with the absence that strands each of them; None when none does and the visit no longer holds."""


def open_for_absences(absence: Absence | None = None) -> int:
    """Opens a task for each visit that this absence, or any, strands and that has none yet. Returns how many."""
    now = clock.now()
    stranded = openness.stranded(now=now, absence=absence.pk if absence else None)
    causes = {visit.id: visit.absence for visit in stranded}
    there = worklist.open_causes(kind=TaskKind.REBOOK, subjects=causes)
    _name_causes({visit: causes[visit] for visit, cause in there.items() if cause is None})
    new = causes.keys() - there.keys()
    visits = Appointment.objects.filter(pk__in=new).select_related("patient", "representation")
    _open(visits.order_by("starts_at", "pk"), causes, now=now)
    return len(new)


def renew_for(visits: QuerySet[Appointment]) -> list[BrokenVisit]:
    """Opens a task for each of these visits that no longer holds, and drops those that there is no need for any more.

    Returns the visits that do not hold, the nearest first.
    """
    found = holding.broken(visits)
    _open([each.visit for each in found], {}, now=clock.now())
    drop_needless()
    return found


def settle(appointment: UUID, *, outcome: str, by: Actor) -> None:
    """Closes the task of a visit that was moved, cancelled or has come: nobody has to phone any more."""
    tasks.close_about(kind=TaskKind.REBOOK, subjects=[appointment], outcome=outcome, by=by)


def take_up_again(visit: Appointment, *, by: Actor) -> None:
    """Opens the task again that this person's step has just closed, or a new one if the visit cannot stay meanwhile."""
    tasks.reopen_about(kind=TaskKind.REBOOK, subject=visit.pk, by=by)
    if openness.is_stranded(visit):
        open_for_absences()
    renew_for(Appointment.objects.filter(pk=visit.pk))


def drop_needless() -> int:
    """Drops the tasks of visits that hold and that no absence strands. Returns how many.

    What is left of the others names the absence that strands the visit now.
    """
    there = worklist.open_causes(kind=TaskKind.REBOOK)
    if not there:
        return 0
    causes = {visit.id: visit.absence for visit in openness.stranded(now=clock.now())}
    broken = _broken(there.keys() - causes.keys())
    left = (there.keys() & causes.keys()) | broken
    _name_causes({visit: causes.get(visit) for visit in left if there[visit] != causes.get(visit)})
    return tasks.close_about(kind=TaskKind.REBOOK, subjects=list(there.keys() - left), by=OPENNESS)


def _broken(visits: Collection[UUID]) -> set[UUID]:
    if not visits:
        return set()
    return {each.visit.pk for each in holding.broken(Appointment.objects.filter(pk__in=visits))}


def _open(visits: Collection[Appointment] | QuerySet[Appointment], causes: Causes, *, now: datetime) -> None:
    for visit in visits:
        tasks.open(
            kind=TaskKind.REBOOK,
            subject=visit.pk,
            patient=visit.patient_id,
            phone=number_of(visit.patient, visit.representation),
            priority=Priority.NORMAL,
            waiting_since=now,
            due_at=visit.starts_at,
            expires_at=visit.starts_at,
            cause=causes.get(visit.pk),
            unless_open=True,
        )


def _name_causes(causes: Causes) -> None:
    for cause in set(causes.values()):
        tasks.name_cause(
            kind=TaskKind.REBOOK, subjects=[visit for visit in causes if causes[visit] == cause], cause=cause
        )

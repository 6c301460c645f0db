"""Stranded visits: those inside an absence, each with a task to phone the patient (S04)."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from foundation.accounts.actors import Actor, system
from patients.contact import number_of
from scheduling.models import Absence, Appointment
from scheduling.queries import openness
from worklist import queries as worklist
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind

OPENNESS = system("openness")


def open_tasks(absence: Absence | None = None) -> int:
    """Opens a task for each visit that this absence, or any, strands and that has none yet. Returns how many."""
    now = timezone.now()
    stranded = openness.stranded(now=now, absence=absence.pk if absence else None)
    causes = {visit.id: visit.absence for visit in stranded}
    there = worklist.open_subjects(kind=TaskKind.REBOOK, subjects=causes)
    visits = Appointment.objects.filter(pk__in=causes.keys() - there).select_related("patient", "representation")
    for visit in visits.order_by("starts_at", "pk"):
        tasks.open(
            kind=TaskKind.REBOOK,
            subject=visit.pk,
            patient=visit.patient_id,
            phone=number_of(visit.patient, visit.representation),
            priority=Priority.NORMAL,
            waiting_since=now,
            due_at=visit.starts_at,
            expires_at=visit.starts_at,
            cause=causes[visit.pk],
        )
    return len(causes.keys() - there)


def settle(appointment: UUID, *, outcome: str, by: Actor) -> None:
    """Closes the task of a visit that was moved, cancelled or has come: nobody has to phone any more."""
    tasks.close_about(kind=TaskKind.REBOOK, subjects=[appointment], outcome=outcome, by=by)


def drop_needless() -> int:
    """Drops the tasks of visits that no absence strands any more. Returns how many."""
    subjects = worklist.open_subjects(kind=TaskKind.REBOOK)
    return _drop(subjects - {visit.id for visit in openness.stranded(now=timezone.now())})


def _drop(subjects: Iterable[UUID]) -> int:
    return tasks.close_about(kind=TaskKind.REBOOK, subjects=list(subjects), by=OPENNESS)

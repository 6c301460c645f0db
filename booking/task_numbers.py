"""Open tasks are phoned at the number that is right now, whoever has corrected it (R21)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from patients.contact import number_of
from patients.models import Patient
from scheduling.models import Appointment
from waitlist import numbers as waitlist
from waitlist.models import WaitlistEntry
from worklist import queries as worklist
from worklist.actions import numbers
from worklist.actions.numbers import Keys
from worklist.choices import TaskKind
from worklist.models import Task

ABOUT: Mapping[str, type[Appointment | WaitlistEntry]] = {
    TaskKind.FREED_TIME: WaitlistEntry,
    TaskKind.REBOOK: Appointment,
    TaskKind.UNTOLD: Appointment,
    TaskKind.EXPIRING: WaitlistEntry,
}
"""The rows that tasks of each kind are about: they know whom to phone."""
AS_GIVEN = (TaskKind.NO_CODE, TaskKind.MISSED_CALL, TaskKind.FIND_NUMBER)
"""Kinds that are phoned at the number from which somebody turned to the clinic, whatever a record says."""


def claimed_by(*patients: Patient) -> Keys:
    """Returns the keys by which the open tasks of these patients are claimed; read before anything of them changes."""
    return worklist.claim_keys(patients=patients)


def follow(before: Keys) -> None:
    """Gives these tasks the numbers of now. `before` has the keys by which they were claimed before the change."""
    if before:
        numbers.give(_numbers_of(before), claimed_by=before)


def renew() -> None:
    """Gives every open task the number of now: a call that kept its number is over, or somebody acts no longer."""
    follow(worklist.claim_keys())


def _numbers_of(tasks: Iterable[UUID]) -> dict[UUID, str]:
    """Returns the number of each task by the row that it is about."""
    about: dict[str, dict[UUID, UUID]] = defaultdict(dict)
    followed = Task.objects.filter(pk__in=list(tasks)).exclude(kind__in=AS_GIVEN)
    for task, kind, subject in followed.values_list("pk", "kind", "subject"):
        about[kind][task] = subject
    found: dict[UUID, str] = {}
    for kind, subjects in about.items():
        rows = ABOUT[kind].objects.select_related("patient", "representation").in_bulk(set(subjects.values()))
        there = {task: rows[subject] for task, subject in subjects.items() if subject in rows}
        found |= {task: _number_of(row) for task, row in there.items()}
    return found


def _number_of(row: Appointment | WaitlistEntry) -> str:
    if isinstance(row, WaitlistEntry):
        return waitlist.number_of(row)
    return number_of(row.patient, row.representation)

"""These presenters hold the list of visits to re-book, by the reason of each (S04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.presenters.absences import absences_by_key, title_of
from back_office.presenters.broken import reasons
from back_office.presenters.shown_claim import ShownClaim
from back_office.renewing import fingerprint
from booking.choices import RebookOutcome
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.database import clock
from foundation.text import phones
from notifications.queries.newest import reminded
from patients.acting import acting_on
from patients.contact import number_of
from patients.models import Representation
from scheduling.models import Absence, Appointment
from scheduling.queries.day import visits_with_people
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS, TaskKind
from worklist.models import Task
from worklist.queries import Progress, QueuedTask

LISTED = 100


@dataclass(frozen=True, slots=True)
class Row:
    """The line says whose visit falls out, and how far the calls about it are."""

    pk: UUID
    visit_id: UUID
    patient_id: UUID
    patient: str
    age: int
    time: str
    doctor: str
    service: str
    phone: str
    answers: str
    """The representative whose number it is; empty when it is the patient's own."""
    attempts: int
    outcome: str
    """The end of the last call."""
    why: str
    """The reason why the visit does not hold; empty where an absence strands it, which the group names."""
    claim: ShownClaim

    @classmethod
    def of(cls, task: QueuedTask, visit: Appointment, by: Actor, now: datetime, *, why: str) -> "Row":
        who = acting_at(visit)
        return cls(
            pk=task.pk,
            visit_id=visit.pk,
            patient_id=visit.patient_id,
            patient=visit.patient.full_name,
            age=visit.patient.age,
            time=wording.short_time(visit.local_start),
            doctor=visit.doctor.short_name,
            service=visit.service.name,
            phone=phones.shown(number_of(visit.patient, visit.representation)),
            answers=who.full_name if who and who.phone else "",
            attempts=task.attempts,
            outcome=outcome_of(task),
            why=why,
            claim=ShownClaim.of(task, by, now),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The visits that one absence strands, with «14 из 20» above them, or those that no longer hold."""

    title: str
    progress: Progress | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The page lists the first of the visits to re-book, by their reason, and says how many there are."""

    groups: list[Group]
    due: int
    waiting: int
    listed: int
    mine: Row | None
    """The call that this person has not finished."""
    seen: str
    """The same for the same picture."""
    polled: bool

    @classmethod
    def of(cls, by: Actor, *, polled: bool = False) -> "QueuePage":
        now = clock.now()
        tasks = list(worklist.queue(kinds=ABOUT_VISITS, now=now)[:LISTED])
        causes = {task.cause for task in tasks if task.cause}
        groups = _groups(tasks, by, now, worklist.progress(causes))
        rows = [row for group in groups for row in group.rows]
        return cls(
            groups=groups,
            due=due_count(now),
            waiting=worklist.queue(kinds=ABOUT_VISITS, now=now).count() if len(tasks) == LISTED else len(tasks),
            listed=LISTED,
            mine=next((row for row in rows if row.claim.mine), None),
            seen=fingerprint(groups),
            polled=polled,
        )

    @property
    def patients(self) -> list[UUID]:
        return [row.patient_id for group in self.groups for row in group.rows]


def due_count(now: datetime | None = None) -> int:
    return sum(worklist.due_counts(kinds=ABOUT_VISITS, now=now).values())


def acting_at(visit: Appointment) -> Representation | None:
    """Returns who acts for the patient today, as the visit says."""
    return acting_on(timezone.localdate(), patient=visit.patient, representation=visit.representation)


def outcome_of(task: Task) -> str:
    """Returns how the last call ended; empty before the first."""
    return str(RebookOutcome(task.outcome).label) if task.outcome in RebookOutcome.values else ""


def _groups(tasks: Sequence[QueuedTask], by: Actor, now: datetime, progress: dict[UUID, Progress]) -> list[Group]:
    visits = {visit.pk: visit for visit in visits_with_people(task.subject for task in tasks)}
    absences = absences_by_key(progress)
    untold = [task for task in tasks if task.kind == TaskKind.UNTOLD]
    to_rebook = [task for task in tasks if task.kind != TaskKind.UNTOLD]
    why = reasons(task.subject for task in to_rebook if task.cause not in absences)
    rows: dict[Absence | None, list[Row]] = {}
    for task in to_rebook:
        row = Row.of(task, visits[task.subject], by, now, why=why.get(task.subject, ""))
        rows.setdefault(absences.get(task.cause), []).append(row)
    reminders = reminded([task.subject for task in untold])
    to_tell = [Row.of(task, visits[task.subject], by, now, why=_reminds(task.subject in reminders)) for task in untold]
    return [*_untold(to_tell), *(_group(absence, progress, found) for absence, found in rows.items())]


def _reminds(reminder: bool) -> str:
    return _("the reminder") if reminder else ""


def _untold(rows: list[Row]) -> list[Group]:
    return [Group(_("Tell by phone: no message has arrived"), None, rows)] if rows else []


def _group(absence: Absence | None, progress: dict[UUID, Progress], rows: list[Row]) -> Group:
    if absence:
        return Group(title_of(absence), progress[absence.pk], rows)
    return Group(_("Visits that the rules no longer allow"), None, rows)

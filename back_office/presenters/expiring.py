from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from back_office.presenters.shown_claim import ShownClaim
from back_office.presenters.wishes import doctor_names, in_words
from foundation.accounts.actors import Actor
from waitlist.models import WaitlistEntry
from worklist import queries as worklist
from worklist.choices import TaskKind
from worklist.queries import QueuedTask


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """The line is a patient whose wait ends, to be asked whether it goes on, and who is asking them now."""

    pk: UUID
    patient_id: UUID
    patient: str
    age: int
    words: list[str]
    last_day: date | None
    claim: ShownClaim


@dataclass(frozen=True, slots=True)
class Question:
    """The notice on the page of an entry asks whether the patient waits on."""

    last_day: date | None
    claim: ShownClaim


def rows(by: Actor, now: datetime, *, limit: int) -> list[ExpiringRow]:
    """Returns the first of those to be asked, in the order of arrival."""
    tasks = list(worklist.queue(kinds=[TaskKind.EXPIRING], now=now)[:limit])
    if not tasks:
        return []
    entries = WaitlistEntry.objects.select_related("patient", "specialty", "service")
    found = entries.in_bulk([task.subject for task in tasks])
    names = doctor_names(found.values())
    return [_row(found[task.subject], task, names, by, now) for task in tasks if task.subject in found]


def question(entry: WaitlistEntry, by: Actor, now: datetime) -> Question | None:
    task = worklist.queue(kinds=[TaskKind.EXPIRING], now=now).filter(subject=entry.pk).first()
    return Question(entry.waits_until, ShownClaim.of(task, by, now)) if task else None


def look(shown: Sequence[ExpiringRow]) -> list[tuple[object, ...]]:
    """Returns what a change of the lines is told by."""
    return [(row.pk, row.last_day, row.claim) for row in shown]


def _row(entry: WaitlistEntry, task: QueuedTask, names: dict[UUID, str], by: Actor, now: datetime) -> ExpiringRow:
    return ExpiringRow(
        pk=entry.pk,
        patient_id=entry.patient_id,
        patient=entry.patient.full_name,
        age=entry.patient.age,
        words=in_words(entry, names),
        last_day=entry.waits_until,
        claim=ShownClaim.of(task, by, now),
    )

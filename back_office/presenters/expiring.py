from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from back_office.presenters.shown_claim import ShownClaim
from foundation.accounts.actors import Actor
from waitlist.models import WaitlistEntry
from worklist import queries as worklist
from worklist.choices import TaskKind


@dataclass(frozen=True, slots=True)
class Question:
    """The notice on the page of an entry asks whether the patient waits on, or for a number that works."""

    task: UUID
    last_day: date | None
    no_number: bool
    claim: ShownClaim


def question(entry: WaitlistEntry, by: Actor, now: datetime) -> Question | None:
    kinds = [TaskKind.FIND_NUMBER, TaskKind.EXPIRING]
    task = worklist.queue(kinds=kinds, now=now).filter(subject=entry.pk).first()
    if task is None:
        return None
    return Question(task.pk, entry.waits_until, task.kind == TaskKind.FIND_NUMBER, ShownClaim.of(task, by, now))

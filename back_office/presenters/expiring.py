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
    """The notice on the page of an entry asks whether the patient waits on."""

    task: UUID
    last_day: date | None
    claim: ShownClaim


def question(entry: WaitlistEntry, by: Actor, now: datetime) -> Question | None:
    task = worklist.queue(kinds=[TaskKind.EXPIRING], now=now).filter(subject=entry.pk).first()
    return Question(task.pk, entry.waits_until, ShownClaim.of(task, by, now)) if task else None

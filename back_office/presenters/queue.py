"""These presenters hold the one queue of calls: whom to phone, about what, and in which order (R21–R25, S04)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from phonenumber_field.phonenumber import PhoneNumber

from back_office.call_pages import page_of
from back_office.presenters.absences import absences_by_key, title_of
from back_office.presenters.lines import lines_of
from back_office.presenters.lines.line import Line
from back_office.presenters.rebooking_call import outcome_of
from back_office.presenters.wishes import doctor_names, in_words
from back_office.renewing import fingerprint
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.database import clock
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from waitlist import calling_hours
from waitlist.queries import entries as waiting
from waitlist.queries.entries import ShownRequest
from waitlist.queries.requests import to_enter
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS
from worklist.errors import NotClaimed
from worklist.models import Task
from worklist.queries import Progress, QueuedTask

LISTED = 60
BESIDE = 12
"""How many lines stand beside a call."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """The line is one request that the desk or the site has handed over."""

    pk: UUID
    patient_id: UUID | None
    created_at: datetime
    channel: str
    full_name: str
    phone: PhoneNumber
    words: list[str]
    note: str
    one_of_many: bool
    """Others came from the same network before."""

    @classmethod
    def of(cls, row: ShownRequest, names: dict[UUID, str]) -> "RequestRow":
        return cls(
            pk=row.pk,
            patient_id=row.patient_id,
            created_at=row.created_at,
            channel=row.get_channel_display(),
            full_name=row.full_name,
            phone=row.phone,
            words=in_words(row, names),
            note=row.note,
            one_of_many=row.nth > waiting.FEW,
        )


@dataclass(frozen=True, slots=True)
class CauseRow:
    """An absence that strands visits, with «14 из 20»."""

    title: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The page lists the first of the calls this person may make and says how many there are."""

    lines: list[Line]
    causes: list[CauseRow]
    requests: list[RequestRow]
    due: int
    waiting: int
    requests_count: int
    oldest: datetime | None
    """When the oldest call that is due was put into the queue."""
    mine: str
    """The page of the call that this person has not finished; empty when there is none."""
    seen: str
    """The same for the same picture."""
    opens: datetime | None
    """When the clinic phones the waitlist again; None while it does."""
    works_waitlist: bool
    polled: bool
    error: str
    """Why a step with one of these was not done; empty where none was refused."""

    @classmethod
    def of(cls, by: Actor, *, polled: bool = False, error: str = "") -> "QueuePage":
        now, kinds = clock.now(), worklist.kinds_for(by)
        works_waitlist = by.may(Permission.WORK_WAITLIST)
        tasks = list(worklist.queue(kinds=kinds, now=now)[:LISTED])
        lines, causes = lines_of(tasks, by, now), _causes(tasks)
        requests, requests_count = _requests() if works_waitlist else ([], 0)
        return cls(
            lines=lines,
            causes=causes,
            requests=requests,
            due=worklist.due_for(by, now=now),
            waiting=worklist.queue(kinds=kinds, now=now).count() if len(tasks) == LISTED else len(tasks),
            requests_count=requests_count,
            oldest=min((task.created_at for task in tasks if task.ready == 0), default=None),
            mine=_mine(by, now),
            seen=fingerprint(lines, causes, [row.pk for row in requests], int(now.timestamp() // 60)),
            opens=None if calling_hours.may_begin(now) else calling_hours.next_call(now),
            works_waitlist=works_waitlist,
            polled=polled,
            error=error,
        )

    @property
    def patients(self) -> list[UUID]:
        """Returns those whom the page names; a request of somebody unknown has no patient."""
        named = [line.patient_id for line in self.lines] + [row.patient_id for row in self.requests]
        return [patient for patient in named if patient]


@dataclass(frozen=True, slots=True)
class Beside:
    """The queue as it stands beside a call: what else this number is to be told, and what is due next."""

    task: Task
    same_call: list[Line]
    lines: list[Line]
    due: int
    seen: str

    @classmethod
    def of(cls, by: Actor, *, task: Task) -> "Beside":
        now, kinds = clock.now(), worklist.kinds_for(by)
        queue = worklist.queue(kinds=kinds, now=now)
        same = lines_of(list(queue.filter(claim_key=task.claim_key).exclude(pk=task.pk)), by, now)
        others = lines_of(list(queue.exclude(claim_key=task.claim_key)[:BESIDE]), by, now)
        seen = fingerprint(same, others, int(now.timestamp() // 60))
        return cls(task, same, others, worklist.due_for(by, now=now), seen)

    @property
    def patients(self) -> list[UUID]:
        return [line.patient_id for line in (*self.same_call, *self.lines) if line.patient_id]


@dataclass(frozen=True, slots=True)
class LostPage:
    """The page says why there is no call to go on with, and how many are due."""

    task: Task
    error: str
    free: bool
    """True when the call can be taken now."""
    visit: UUID | None
    """The visit that the call was about."""
    outcome: str
    """The end of a call about a visit that somebody else has brought about."""
    due: int
    note: str
    """What this person has typed of the call."""

    @classmethod
    def of(cls, task: Task, by: Actor, *, error: DomainError, note: str) -> "LostPage":
        about_visit = task.kind in ABOUT_VISITS
        return cls(
            task=task,
            error=sentence_of(error),
            free=isinstance(error, NotClaimed),
            visit=task.subject if about_visit else None,
            outcome=outcome_of(task) if about_visit and task.closed_at else "",
            due=worklist.due_for(by),
            note=note,
        )


@dataclass(frozen=True, slots=True)
class LostPart:
    """The line says why the open call is over; while it goes on, there is nothing to say."""

    page: str
    gone: str


def _mine(by: Actor, now: datetime) -> str:
    begun = worklist.claimed_tasks(by=by, now=now).first()
    return page_of(begun) if begun else ""


def _causes(tasks: Collection[QueuedTask]) -> list[CauseRow]:
    progress = worklist.progress({task.cause for task in tasks if task.cause})
    absences = absences_by_key(progress) if progress else {}
    return [CauseRow(title_of(absence), progress[absence.pk]) for absence in absences.values()]


def _requests() -> tuple[list[RequestRow], int]:
    """Returns the first requests and how many there are, without those whose visitor waits for a call."""
    requests = to_enter()
    shown = list(requests[:LISTED])
    names = doctor_names(shown)
    return [RequestRow.of(row, names) for row in shown], requests.count() if len(shown) == LISTED else len(shown)

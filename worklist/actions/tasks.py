"""A task is opened, finished, retried, closed: what the staff has to do, and how it ended.

What an outcome means is the business of the task's kind; here it is a code that is kept. In the order of locks a task
is the last.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from foundation.accounts.actors import Actor
from foundation.database import clock, writes
from worklist.actions import claims, phoned
from worklist.choices import Priority, TaskKind, TaskState, Turn
from worklist.errors import NotClaimed
from worklist.models import Claim, Task


def open(
    *,
    kind: TaskKind,
    subject: UUID,
    patient: UUID | None,
    phone: str,
    priority: Priority,
    turn: Turn = Turn.DUE,
    waiting_since: datetime,
    due_at: datetime,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    cause: UUID | None = None,
    unless_open: bool = False,
) -> Task:
    """Puts a task into the queue and returns it. `phone` is E.164, empty when there is none.

    With `unless_open` an open task about the same subject stays, and this one is not written.
    """
    task = Task(
        kind=kind,
        subject=subject,
        patient_id=patient,
        phone=phone,
        priority=priority,
        turn=turn,
        waiting_since=waiting_since,
        due_at=due_at,
        not_before=not_before,
        expires_at=expires_at,
        cause=cause,
    )
    writes.insert(task, conflict=writes.IGNORE if unless_open else "")
    return task


def name_cause(*, kind: TaskKind, subjects: Collection[UUID], cause: UUID | None) -> None:
    """Puts the open tasks about these subjects down to another cause."""
    Task.objects.filter(kind=kind, subject__in=subjects, state=TaskState.OPEN).update(cause=cause)


@transaction.atomic
def finish(*, task: UUID, outcome: str, by: Actor) -> None:
    """Closes a task that is done; the claim stays while others are due for the number. Raises NotClaimed."""
    now = clock.now()
    phoned.talked(about=_open(task), by=by)
    _attempted(task, outcome, by, state=TaskState.DONE, closed_at=now, closed_by=by.ref)
    claims.end_if_done(task=task, by=by)


@transaction.atomic
def retry(*, task: UUID, outcome: str, not_before: datetime, by: Actor, promised: bool = False) -> None:
    """Puts a task off and ends the call; one that was promised comes first at its minute. Raises NotClaimed.

    The number rests until then, or as after any talk when a call was promised (T101).
    """
    turn = Turn.PROMISED if promised else Turn.DUE
    _attempted(task, outcome, by, not_before=not_before, turn=turn)
    soon = timedelta(minutes=settings.CALL_RETRY_SOON_MINUTES)
    pause = soon if promised else not_before - clock.now()
    phoned.dialled(task=Task.objects.get(pk=task), pause=pause, by=by)
    claims.end(by=by)


def prolong(*, task: UUID, until: datetime | None) -> None:
    """Moves the time until which there is a reason to act; None while somebody acts."""
    _open(task).update(expires_at=until)


def close(*, task: UUID, by: Actor, outcome: str = "", attempted: bool = False) -> None:
    """Closes a task that there is no reason for any more; a closed task stays as it is.

    `outcome` says who or what made it needless, when that is a person's doing; `attempted` that they have phoned.
    """
    _close(_open(task), by=by, outcome=outcome, **({"attempts": F("attempts") + 1} if attempted else {}))


def close_about(*, kind: TaskKind, subjects: Collection[UUID], by: Actor, outcome: str = "") -> int:
    """Closes the open tasks of a kind about these subjects. Returns how many; with an `outcome` they are done."""
    about = Task.objects.filter(kind=kind, subject__in=subjects, state=TaskState.OPEN)
    return _close(about, by=by, outcome=outcome)


def reopen_about(*, kind: TaskKind, subject: UUID, by: Actor) -> None:
    """Opens the last task about this subject again if this person has just closed it with an outcome."""
    since = clock.now() - timedelta(seconds=settings.UNDO_SECONDS)
    about = Task.objects.filter(kind=kind, subject=subject)
    last = about.filter(state=TaskState.DONE, closed_by=by.ref, closed_at__gte=since).order_by("pk").last()
    if last and not about.filter(state=TaskState.OPEN).exists():
        last.state, last.outcome, last.closed_at, last.closed_by = TaskState.OPEN, "", None, ""
        last.save(update_fields=["state", "outcome", "closed_at", "closed_by"])


def _close(rows: QuerySet[Task], *, by: Actor, outcome: str, **columns: object) -> int:
    if outcome:
        phoned.talked(about=rows, by=by)
    columns |= {"state": TaskState.DONE, "outcome": outcome} if outcome else {"state": TaskState.DROPPED}
    return rows.update(closed_at=clock.now(), closed_by=by.ref, **columns)


def _attempted(task: UUID, outcome: str, by: Actor, **columns: object) -> None:
    mine = Claim.objects.filter(by=by.ref, key=OuterRef("claim_key"))
    if not _open(task).filter(Exists(mine)).update(attempts=F("attempts") + 1, outcome=outcome, **columns):
        raise NotClaimed


def _open(task: UUID) -> QuerySet[Task]:
    return Task.objects.filter(pk=task, state=TaskState.OPEN)

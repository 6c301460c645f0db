"""Reads of the team: who is on which call, since when, and how much waits for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, DateTimeField, Min, Q, QuerySet
from django.db.models.functions import Greatest

from foundation.accounts.actors import Actor
from worklist import queries
from worklist.choices import TaskKind, TaskState
from worklist.errors import CallOver, CallTaken
from worklist.models import Claim, TakenCall, Task
from worklist.models.task import ORDER


@dataclass(frozen=True, slots=True)
class OnCall:
    """A claim, with the open tasks of its number in their order."""

    claim: Claim
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open tasks of one kind."""

    kind: TaskKind
    due: int
    open: int
    oldest: datetime | None
    """The moment since which the oldest of those that are due could be worked on; None where none is due."""


def on_calls(now: datetime) -> list[OnCall]:
    """Returns who works on which number now, the longest call first."""
    return _with_tasks(Claim.objects.filter(until__gt=now).order_by("created_at"))


def on_call(claim: UUID) -> OnCall:
    """Returns one call. Raises CallOver."""
    for found in _with_tasks(Claim.objects.filter(pk=claim)):
        return found
    raise CallOver


def waiting(now: datetime) -> list[Waiting]:
    """Returns how much of each kind is due and open, in one statement."""
    due = Q(pk__in=queries.due(kinds=TaskKind, now=now).order_by().values("pk"))
    since = Greatest("created_at", "not_before", output_field=DateTimeField())
    counted = (
        queries.open_tasks(now)
        .values("kind")
        .annotate(open=Count("pk"), due=Count("pk", filter=due), oldest=Min(since, filter=due))
    )
    found = {row["kind"]: row for row in counted}
    return [
        Waiting(kind, found[kind]["due"], found[kind]["open"], found[kind]["oldest"])
        if kind in found
        else Waiting(kind, 0, 0, None)
        for kind in TaskKind
    ]


def taken_from(task: Task, *, by: Actor, now: datetime) -> CallTaken | None:
    """Returns who has taken the call about this task from this person just now, and why; None when nobody has.

    A claim that lapses has lasted so long; of an earlier one nothing is said any more.
    """
    lately = now - timedelta(minutes=settings.CLAIM_MINUTES)
    taken = TakenCall.objects.filter(taken_from=by.ref, key=task.claim_key, at__gt=lately).order_by("at").last()
    if taken is None or queries.is_claimed(task=task, by=by):
        return None
    return CallTaken(name=taken.by_name, reason=taken.reason)


def _with_tasks(claims: QuerySet[Claim]) -> list[OnCall]:
    rows = list(claims)
    tasks = Task.objects.filter(claim_key__in=[row.key for row in rows], state=TaskState.OPEN).select_related("patient")
    by_key: dict[str, list[Task]] = {}
    for task in tasks.order_by(*ORDER):
        by_key.setdefault(task.claim_key, []).append(task)
    return [OnCall(row, by_key.get(row.key, [])) for row in rows]

"""What is to be done, in the order in which it is handed out; who works on what."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from foundation.accounts.actors import Actor
from worklist.choices import CLAIMED_WITH, TaskKind, TaskState
from worklist.models import Claim, Task
from worklist.models.task import ORDER

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class InQueue(TypedDict):
    """What the queue tells of a task beside its columns."""

    claimed_by: str | None
    """Who works on the number of the task; None when nobody does."""
    claimed_by_name: str | None
    turn: int
    """0 for what is due, 1 for what is put off or being worked on."""


QueuedTask: TypeAlias = "WithAnnotations[Task, InQueue]"


def kinds_for(by: Actor) -> list[TaskKind]:
    """The kinds that this person may claim."""
    return [kind for kind, permission in CLAIMED_WITH.items() if by.may(permission)]


def open_tasks(now: datetime) -> QuerySet[Task]:
    """Those that somebody may work on, put off or not."""
    return Task.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), state=TaskState.OPEN)


def queue(*, kinds: Collection[TaskKind], now: datetime | None = None) -> "QuerySet[QueuedTask]":
    """Open tasks: first what is due, then what is put off or being worked on, in the order of R23."""
    now = now or timezone.now()
    claim = _active_claims(now)
    due = When(not_put_off(now) & ~Exists(claim), then=Value(0))
    return (
        open_tasks(now)
        .filter(kind__in=kinds)
        .annotate(
            claimed_by=Subquery(claim.values("by")[:1]),
            claimed_by_name=Subquery(claim.values("by_name")[:1]),
            turn=Case(due, default=Value(1), output_field=IntegerField()),
        )
        .order_by("turn", *ORDER)
    )


def due(*, kinds: Collection[TaskKind], now: datetime | None = None) -> QuerySet[Task]:
    """What may be claimed now: not put off, and nobody works on the number."""
    now = now or timezone.now()
    ready = open_tasks(now).filter(not_put_off(now), kind__in=kinds)
    return ready.exclude(Exists(_active_claims(now))).order_by(*ORDER)


def in_hand(*, by: Actor, now: datetime | None = None) -> QuerySet[Task]:
    """All that this person's claim covers and they may work on, what is due first."""
    now = now or timezone.now()
    mine = Claim.objects.filter(by=by.ref, until__gt=now)
    put_off = Case(When(not_put_off(now), then=Value(0)), default=Value(1), output_field=IntegerField())
    return open_tasks(now).filter(claim_key__in=mine.values("key"), kind__in=kinds_for(by)).order_by(put_off, *ORDER)


def is_claimed(*, task: Task, by: Actor) -> bool:
    """Whether this person works on the number of the task."""
    return Claim.objects.filter(key=task.claim_key, by=by.ref).exists()


def claimed_by_another(*, task: Task, by: Actor, now: datetime | None = None) -> bool:
    """Whether somebody else works on the number of the task."""
    claims = Claim.objects.filter(key=task.claim_key, until__gt=now or timezone.now())
    return claims.exclude(by=by.ref).exists()


def not_put_off(now: datetime) -> Q:
    return Q(not_before=None) | Q(not_before__lte=now)


def _active_claims(now: datetime) -> QuerySet[Claim]:
    return Claim.objects.filter(key=OuterRef("claim_key"), until__gt=now)

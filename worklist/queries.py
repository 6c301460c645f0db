"""Reads of the work queue: which tasks are due, in which order, and who works on them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from foundation.accounts.actors import Actor
from foundation.database import clock
from patients.choices import ContactWay
from patients.models import Patient
from worklist.choices import CLAIMED_WITH, TaskKind, TaskState, Turn
from worklist.models import Claim, PhonedNumber, Task
from worklist.models.task import ORDER

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class InQueue(TypedDict):
    """Columns that the queue adds to a task."""

    claimed_by: str | None
    """The person who works on the number of the task; None when nobody does."""
    claimed_by_name: str | None
    writes_only: bool
    """True when the person asks to be reached in writing only."""
    rests_until: datetime | None
    """The end of the pause of a number that was dialled lately; None without one."""
    ready: int
    """0 for due tasks, 1 for those put off, paused or being worked on."""


PROMISED_AHEAD = timedelta(minutes=3)
"""So long before its minute a promised call is given to whoever asks for the next: the call that they would begin
instead may last beyond it (T101)."""
QueuedTask: TypeAlias = "WithAnnotations[Task, InQueue]"


def kinds_for(by: Actor) -> list[TaskKind]:
    """Returns the kinds that this person may claim."""
    return [kind for kind, permission in CLAIMED_WITH.items() if by.may(permission)]


def open_tasks(now: datetime) -> QuerySet[Task]:
    """Returns open tasks that have not expired, put off or not."""
    return Task.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), state=TaskState.OPEN)


def queue(*, kinds: Collection[TaskKind], now: datetime | None = None) -> "QuerySet[QueuedTask]":
    """Returns open tasks in order: first the due ones, then those put off, paused or being worked on."""
    now = now or clock.now()
    claim = _active_claims(now)
    due = When(may_be_phoned(now) & ~Exists(claim), then=Value(0))
    return (
        open_tasks(now)
        .filter(kind__in=kinds)
        .annotate(
            claimed_by=Subquery(claim.values("by")[:1]),
            claimed_by_name=Subquery(claim.values("by_name")[:1]),
            writes_only=Case(When(asks_to_be_written_to(), then=Value(True)), default=Value(False)),
            rests_until=Subquery(_pauses(now).values("paused_until")[:1]),
            ready=Case(due, default=Value(1), output_field=IntegerField()),
        )
        .order_by("ready", *ORDER)
    )


def due(*, kinds: Collection[TaskKind], now: datetime | None = None) -> QuerySet[Task]:
    """Returns tasks that may be claimed now: neither put off nor paused, and with nobody working on their number.

    Whoever asks to be reached in writing only is never the next; their tasks stand in the queue and say so.
    """
    now = now or clock.now()
    ready = open_tasks(now).filter(may_be_phoned(now), ~asks_to_be_written_to(), kind__in=kinds)
    return ready.exclude(Exists(_active_claims(now))).order_by(*ORDER)


def due_for(by: Actor, *, now: datetime | None = None) -> int:
    """Counts the calls that this person may begin now."""
    return due(kinds=kinds_for(by), now=now).count()


def due_counts(*, kinds: Collection[TaskKind], now: datetime | None = None) -> dict[str, int]:
    """Returns how many tasks of each kind may be claimed now, in one statement. A kind without any is left out."""
    counted = due(kinds=kinds, now=now).order_by().values("kind").annotate(number=Count("pk"))
    return {row["kind"]: row["number"] for row in counted}


def open_about(*, kind: TaskKind, subject: UUID, now: datetime | None = None) -> Task | None:
    """Returns the open task of a kind about this subject, if there is one."""
    return open_tasks(now or clock.now()).filter(kind=kind, subject=subject).first()


def claimed_tasks(*, by: Actor, now: datetime | None = None) -> QuerySet[Task]:
    """Returns all tasks of this person's claim that they may work on, those put off last."""
    now = now or clock.now()
    mine = Claim.objects.filter(by=by.ref, until__gt=now)
    put_off = Case(When(not_put_off(now), then=Value(0)), default=Value(1), output_field=IntegerField())
    tasks = open_tasks(now).filter(claim_key__in=mine.values("key"), kind__in=kinds_for(by))
    return tasks.order_by(put_off, *ORDER)


def open_without_cause(kind: TaskKind) -> Exists:
    """Returns the condition of rows that an open task of this kind is about of which nothing is the cause."""
    return Exists(Task.objects.filter(kind=kind, state=TaskState.OPEN, cause=None, subject=OuterRef("pk")))


def open_causes(*, kind: TaskKind, subjects: Collection[UUID] | None = None) -> dict[UUID, UUID | None]:
    """Returns what the open tasks of a kind are about, of these subjects or all, each with the cause of its task."""
    there = Task.objects.filter(kind=kind, state=TaskState.OPEN)
    return dict((there if subjects is None else there.filter(subject__in=subjects)).values_list("subject", "cause"))


def claim_keys(*, patients: Collection[Patient] | None = None) -> dict[UUID, str]:
    """Returns the keys by which open tasks, of these patients or all, are claimed."""
    there = Task.objects.filter(state=TaskState.OPEN)
    return dict((there if patients is None else there.filter(patient__in=patients)).values_list("pk", "claim_key"))


class Progress(NamedTuple):
    """The tasks of one cause that are done, of all: «14 из 20»."""

    done: int
    all: int


def progress(causes: Collection[UUID]) -> dict[UUID, Progress]:
    """Returns how many tasks of each cause are closed, of how many. A cause without tasks is left out."""
    of_cause = Task.objects.filter(cause__in=causes).values("cause")
    counted = of_cause.annotate(done=Count("pk", filter=~Q(state=TaskState.OPEN)), all=Count("pk"))
    return {row["cause"]: Progress(row["done"], row["all"]) for row in counted if row["cause"]}


def is_claimed(*, task: Task, by: Actor) -> bool:
    """Tells whether this person works on the number of the task."""
    return Claim.objects.filter(key=task.claim_key, by=by.ref).exists()


def claimed_by_another(*, task: Task, by: Actor, now: datetime | None = None) -> bool:
    """Tells whether another person works on the number of the task."""
    claims = Claim.objects.filter(key=task.claim_key, until__gt=now or clock.now())
    return claims.exclude(by=by.ref).exists()


def is_resting(key: str, *, now: datetime) -> bool:
    """Tells whether this number was dialled too lately to be phoned again, or is being phoned now."""
    paused = PhonedNumber.objects.filter(key=key, paused_until__gt=now)
    return paused.exists() or Claim.objects.filter(key=key, until__gt=now).exists()


def not_put_off(now: datetime) -> Q:
    """Returns the condition of tasks whose time has come; a promised call may begin a little before its minute."""
    promised = Q(turn=Turn.PROMISED, not_before__lte=now + PROMISED_AHEAD)
    return Q(not_before=None) | Q(not_before__lte=now) | promised


def may_be_phoned(now: datetime) -> Q:
    """Returns the condition of tasks that are due and whose number nobody has dialled too lately (T101).

    In spite of that a call is made that was promised, or for which the person waits: a visitor at their screen, a few
    times, and whoever has phoned and was answered by nobody.
    """
    waits = Q(kind=TaskKind.NO_CODE, attempts__lt=settings.CALLS_PER_DAY) | Q(kind=TaskKind.MISSED_CALL, attempts=0)
    in_spite = Q(turn=Turn.PROMISED) | waits
    return not_put_off(now) & (in_spite | ~Q(Exists(_pauses(now))))


def _pauses(now: datetime) -> QuerySet[PhonedNumber]:
    return PhonedNumber.objects.filter(key=OuterRef("claim_key"), paused_until__gt=now)


def asks_to_be_written_to() -> Q:
    """Returns the condition of tasks whose person is not to be phoned; a call that they were promised is made."""
    way = Subquery(Patient.objects.filter(pk=OuterRef("patient")).values("contact_way"))
    return ~Q(turn=Turn.PROMISED) & Q(Exact(Coalesce(way, Value("")), Value(ContactWay.WRITING.value)))


def _active_claims(now: datetime) -> QuerySet[Claim]:
    return Claim.objects.filter(key=OuterRef("claim_key"), until__gt=now)

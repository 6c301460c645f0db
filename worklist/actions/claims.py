"""A claim gives one person of the staff all open tasks of one phone number (R21).

A family is phoned once and nobody by two people. Order of locks: advisory lock (the person's, then the number's) →
appointment → claim → offer → slot → waitlist entry → task. The unique constraints of the claims are the guarantee, the
locks are courtesy.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import clock
from foundation.database.locks import advisory_lock, try_advisory_lock
from worklist import queries
from worklist.choices import TaskKind
from worklist.errors import ClaimedByAnother, FinishFirst, NotClaimed, NotYourKind, TaskClosed
from worklist.models import Claim, Task

FRESH = timedelta(minutes=1)
READS = range(2)
"""A claim that moved to a corrected number while somebody waited for it is not found by the old one: read once more."""


@transaction.atomic
def claim_next(*, by: Actor, but: Collection[TaskKind] = ()) -> Task | None:
    """Claims the first due task this person may claim («Следующий»), with all others of its number.

    A person who has a claim keeps it, whatever it is about: one person, one call. Returns None when nothing is due. Two
    people never get the same number (T09). No call is begun about the kinds of `but`.
    """
    wanted = [kind for kind in queries.kinds_for(by) if kind not in but]
    now = clock.now()
    advisory_lock(by.ref)  # a double click is one claim
    return_lapsed(now=now)
    if claimed := _claimed_task(by, now):
        return claimed
    passed: list[str] = []
    while task := queries.due(kinds=wanted, now=now).exclude(claim_key__in=passed).first():
        if not _try_claim(task, by=by, now=now):
            passed.append(task.claim_key)
        elif claimed := _claimed_task(by, now):  # a call may have ended while this one waited for its number
            return claimed
    return None


@transaction.atomic
def claim(*, task: UUID, by: Actor) -> Task:
    """Takes one task out of turn, with all others of its number.

    Raises TaskClosed, NotYourKind, FinishFirst, ClaimedByAnother.
    """
    now = clock.now()
    row = queries.open_tasks(now).filter(pk=task).first()
    if row is None:
        raise TaskClosed
    if row.kind not in queries.kinds_for(by):
        raise NotYourKind
    advisory_lock(by.ref)
    return_lapsed(now=now)
    claimed = _claimed_task(by, now)
    if claimed and claimed.claim_key != row.claim_key:
        raise FinishFirst
    if claimed:
        _of(task, by).update(until=_until(now))
    elif not _try_claim(row, by=by, now=now):
        raise ClaimedByAnother
    there = queries.open_tasks(now).filter(pk=task).first()
    if there is None:  # a call has ended while this one waited for its number
        raise TaskClosed
    if there.claim_key != row.claim_key:  # its number was corrected at this moment
        raise ClaimedByAnother
    return there


def keep_alive(*, task: UUID, by: Actor) -> bool:
    """Prolongs the claim while its page is open; returns False when the claim is lost."""
    return is_fresh(task=task, by=by) or any(_of(task, by).update(until=_until(clock.now())) for _read in READS)


def is_fresh(*, task: UUID, by: Actor) -> bool:
    """Tells whether this person's claim was made or prolonged within the last minute.

    An open page asks every few seconds whether the task is still theirs, which has to cost no write.
    """
    return _of(task, by).filter(until__gt=_until(clock.now()) - FRESH).exists()


def lock(*, task: UUID, by: Actor) -> bool:
    """Locks this person's claim on the number of the task until the transaction ends; False when there is none."""
    return any(_of(task, by).select_for_update().first() for _read in READS)


def begun_at(*, task: UUID, by: Actor) -> datetime | None:
    """Returns since when this person has claimed the number of the task; None when they have not."""
    return _of(task, by).values_list("created_at", flat=True).first()


def give_back(*, task: UUID, by: Actor) -> None:
    """Ends a claim without a call, so that its tasks are due again. Raises NotClaimed."""
    if not any(_of(task, by).delete()[0] for _read in READS):
        raise NotClaimed


def end(*, by: Actor) -> None:
    """Ends the claim after the call, so that anybody may claim what is left of the number."""
    Claim.objects.filter(by=by.ref).delete()


def end_if_done(*, task: UUID, by: Actor) -> None:
    """Ends the claim on the number of this task when nothing else of it is due."""
    now = clock.now()
    due = queries.open_tasks(now).filter(queries.not_put_off(now), kind__in=queries.kinds_for(by))
    _of(task, by).exclude(key__in=due.values("claim_key")).delete()


def go_on(*, task: UUID, number: str, by: Actor) -> bool:
    """Takes the call about a task on to another number of its person; False where that is phoned by others, or rests.

    What else there is to tell at the number of before waits for its pause.
    """
    if queries.is_resting(number, now=clock.now()) or Claim.objects.filter(key=number).exists():
        return False
    if not try_advisory_lock(f"claim:{number}") or not _of(task, by).update(key=number):
        return False
    Task.objects.filter(pk=task).update(phone=number)
    return True


def return_lapsed(*, now: datetime | None = None) -> int:
    """Ends claims whose browser has died and returns how many.

    It skips claims whose owner is finishing a call at this moment.
    """
    lapsed = Claim.objects.select_for_update(skip_locked=True).filter(until__lte=now or clock.now())
    with transaction.atomic():
        return Claim.objects.filter(pk__in=lapsed.values("pk")).delete()[0]


def _claimed_task(by: Actor, now: datetime) -> Task | None:
    """Returns the first task of this person's claim, and ends a claim that covers nothing any more."""
    task = queries.claimed_tasks(by=by, now=now).first()
    if task is None:
        end(by=by)
    return task


def _try_claim(task: Task, *, by: Actor, now: datetime) -> bool:
    """Tries to claim the number; returns False when another person has it or is taking it at this moment."""
    if not try_advisory_lock(f"claim:{task.claim_key}"):
        return False
    try:
        with transaction.atomic():
            Claim.objects.create(key=task.claim_key, by=by.ref, by_name=by.name, until=_until(now))
    except IntegrityError:
        return False
    trail.record(by=by, action="task.claimed", patient=task.patient_id, object_ref=str(task.pk))
    return True


def _of(task: UUID, by: Actor) -> QuerySet[Claim]:
    number = Task.objects.filter(pk=task).values("claim_key")
    return Claim.objects.filter(by=by.ref, key__in=number)


def _until(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.CLAIM_MINUTES)

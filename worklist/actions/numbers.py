"""Open tasks get another number, and the claim of whoever works on them goes along (R21).

A call that has begun is not torn apart: where a part of it would go to another number, or somebody works on the new
one, its tasks stay at the number that is being called until the call is over.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from foundation.changes import as_text
from foundation.database.locks import try_advisory_lock
from worklist.choices import TaskState
from worklist.models import Claim, Task

Keys = Mapping[UUID, str]
"""The key by which each open task is claimed."""


def give(numbers: Mapping[UUID, str], *, claimed_by: Keys) -> None:
    """Gives these open tasks their numbers, E.164 or empty.

    `claimed_by` has the keys of before: a task without a number is claimed by its patient, who may be another by now.
    """
    together: dict[str, list[Task]] = defaultdict(list)
    for task in _open().filter(pk__in=numbers).order_by("pk"):
        together[claimed_by[task.pk]].append(task)
    for key, of_key in together.items():
        if any(_key(task, numbers[task.pk]) != key for task in of_key) and try_advisory_lock(f"claim:{key}"):
            _give(key, of_key, numbers)


def _give(key: str, tasks: Sequence[Task], numbers: Mapping[UUID, str]) -> None:
    claimed = Claim.objects.filter(key=key).exists()
    if claimed and not _take_along(key, tasks, to={_key(task, numbers[task.pk]) for task in tasks}):
        _take_along(key, tasks, to={task.claim_key for task in tasks})
        return
    for number in {numbers[task.pk] for task in tasks}:
        _open().filter(pk__in=[task.pk for task in tasks if numbers[task.pk] == number]).update(phone=number)


def _take_along(key: str, tasks: Sequence[Task], *, to: set[str]) -> bool:
    """Tries to put the claim on the key of all its tasks from now on; returns False where that is not one free key."""
    if len(to) != 1 or _others(key, tasks):
        return False
    (new,) = to
    if not try_advisory_lock(f"claim:{new}") or Claim.objects.filter(key=new).exclude(key=key).exists():
        return False
    idle = Claim.objects.select_for_update(skip_locked=True).filter(key=key)  # its call is ending: nothing to carry
    return bool(Claim.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).update(key=new))


def _others(key: str, tasks: Sequence[Task]) -> bool:
    there = _open().filter(claim_key=key)
    return there.exclude(pk__in=[task.pk for task in tasks]).exists()


def _key(task: Task, number: str) -> str:
    """Returns what `Task.claim_key` is with this number."""
    return number or as_text(task.patient_id or task.subject)


def _open() -> QuerySet[Task]:
    return Task.objects.filter(state=TaskState.OPEN)

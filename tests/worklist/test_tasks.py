"""The ends of a task: done, tried again later, no longer needed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.accounts.choices import Role
from tests import factories as make
from worklist import queries
from worklist.actions import claims, tasks
from worklist.choices import TaskKind, TaskState
from worklist.errors import NotClaimed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

FAMILY = "+79210001122"


@pytest.fixture
def by():
    return make.actor(Role.OPERATOR)


def test_a_finished_task_tells_when_by_whom_and_how(by):
    task = make.task()
    claims.claim_next(by=by)
    tasks.finish(task=task.pk, outcome="booked", by=by)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.attempts, task.closed_by) == (TaskState.DONE, "booked", 1, by.ref)
    assert task.closed_at <= timezone.now()
    assert not Claim.objects.exists()


def test_the_claim_stays_while_more_is_due_for_the_family(by):
    first, second = (make.task(phone=FAMILY) for _ in range(2))
    assert claims.claim_next(by=by) == first
    tasks.finish(task=first.pk, outcome="declined_slot", by=by)
    assert claims.claim_next(by=make.actor(Role.OPERATOR)) is None
    assert claims.claim_next(by=by) == second
    tasks.finish(task=second.pk, outcome="booked", by=by)
    assert not Claim.objects.exists()


def test_what_is_put_off_does_not_keep_the_claim(by):
    first = make.task(phone=FAMILY)
    make.task(phone=FAMILY, not_before=timezone.now() + timedelta(hours=1))
    claims.claim_next(by=by)
    tasks.finish(task=first.pk, outcome="booked", by=by)
    assert not Claim.objects.exists()


def test_a_task_to_be_tried_again_is_open_and_put_off(by):
    task, again_at = make.task(), timezone.now() + timedelta(hours=2)
    claims.claim_next(by=by)
    tasks.retry(task=task.pk, outcome="no_answer", not_before=again_at, by=by)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.attempts, task.not_before) == (TaskState.OPEN, "no_answer", 1, again_at)
    assert claims.claim_next(by=by) is None
    assert list(queries.due(kinds=TaskKind, now=again_at + timedelta(seconds=1))) == [task]


def test_after_an_attempt_in_vain_the_call_is_over(by):
    first, second = (make.task(phone=FAMILY) for _ in range(2))
    claims.claim_next(by=by)
    later = timezone.now() + timedelta(hours=2)
    tasks.retry(task=first.pk, outcome="busy", not_before=later, by=by)
    assert not Claim.objects.exists()
    assert list(queries.due(kinds=TaskKind)) == [], "the number rests, whatever else there is to tell"
    assert second in queries.due(kinds=TaskKind, now=later + timedelta(seconds=1))


def test_who_has_no_claim_ends_nothing(by):
    task, other = make.task(), make.actor(Role.OPERATOR)
    claims.claim_next(by=by)
    later = timezone.now() + timedelta(hours=2)
    with pytest.raises(NotClaimed):
        tasks.finish(task=task.pk, outcome="booked", by=other)
    with pytest.raises(NotClaimed):
        tasks.retry(task=task.pk, outcome="busy", not_before=later, by=other)
    task.refresh_from_db()
    assert (task.state, task.attempts, Claim.objects.get().by) == (TaskState.OPEN, 0, by.ref)


def test_a_finished_task_is_not_finished_twice(by):
    task = make.task(phone=FAMILY)
    make.task(phone=FAMILY)
    claims.claim_next(by=by)
    tasks.finish(task=task.pk, outcome="booked", by=by)
    with pytest.raises(NotClaimed):
        tasks.finish(task=task.pk, outcome="busy", by=by)
    task.refresh_from_db()
    assert (task.outcome, task.attempts) == ("booked", 1)


def test_a_task_whose_reason_is_gone_is_closed_from_above(by):
    task = make.task()
    for _twice in range(2):
        tasks.close(task=task.pk, by=make.TEST)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.attempts, task.closed_by) == (TaskState.DROPPED, "", 0, make.TEST.ref)


def test_closing_leaves_what_was_done_as_it_is(by):
    task = make.task()
    claims.claim_next(by=by)
    tasks.finish(task=task.pk, outcome="booked", by=by)
    tasks.close(task=task.pk, by=make.TEST)
    assert Task.objects.get().closed_by == by.ref


def test_a_reason_may_hold_longer():
    task = make.task(expires_at=timezone.now())
    tasks.prolong(task=task.pk, until=timezone.now() + timedelta(minutes=5))
    assert list(queries.due(kinds=TaskKind)) == [task]


def test_the_same_reason_is_one_open_task():
    task = make.task()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.task(subject=task.subject)
    tasks.close(task=task.pk, by=make.TEST)
    assert make.task(subject=task.subject) != task


def test_a_kind_says_what_there_is_to_do_whatever_the_reason():
    """A visit is to be rebooked for an absence, and after a correction that leaves it against the rules."""
    assert [str(kind.label) for kind in TaskKind] == [
        "позвонить пациенту из листа ожидания о свободном времени",
        "пациента нужно перезаписать",
        "сообщить пациенту о записи",
        "посетитель сайта ждёт звонка вместо кода",
        "спросить пациента, ждёт ли ещё",
        "найти номер пациента из листа ожидания",
        "перезвонить тому, кому никто не ответил",
    ]

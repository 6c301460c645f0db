"""The queue as it is shown: its order, the people who work on it, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.choices import Role
from tests import factories as make
from worklist import queries
from worklist.actions import claims
from worklist.choices import TaskKind

pytestmark = pytest.mark.django_db


def statements(read):
    with CaptureQueriesContext(connection) as asked:
        read()
    return len(asked)


def queue():
    return list(queries.queue(kinds=TaskKind))


def test_what_is_due_comes_before_what_is_put_off_or_in_somebodys_hands():
    by = make.actor(Role.OPERATOR)
    claimed = make.task()
    put_off = make.task(not_before=timezone.now() + timedelta(hours=1))
    due = make.task()
    claims.claim_next(by=by)
    assert [(task, task.ready, task.claimed_by) for task in queue()] == [
        (due, 0, None),
        (claimed, 1, by.ref),
        (put_off, 1, None),
    ]
    assert queue()[1].claimed_by_name == by.name
    assert queries.due(kinds=TaskKind).count() == 1


def test_all_of_a_number_are_shown_in_the_same_hands():
    by = make.actor(Role.OPERATOR)
    for _ in range(2):
        make.task(phone="+79210001122")
    claims.claim_next(by=by)
    assert [task.claimed_by for task in queue()] == [by.ref] * 2


def test_other_kinds_are_not_shown():
    make.task()
    assert list(queries.queue(kinds=[])) == []
    assert queries.due(kinds=[]).count() == 0


def test_what_is_due_is_counted_by_kind_in_one_statement(django_assert_num_queries):
    assert queries.due_counts(kinds=TaskKind) == {}
    for kind in (TaskKind.FREED_TIME, TaskKind.REBOOK, TaskKind.REBOOK):
        make.task(kind=kind)
    make.task(kind=TaskKind.REBOOK, not_before=timezone.now() + timedelta(hours=1))
    with django_assert_num_queries(1):
        assert queries.due_counts(kinds=TaskKind) == {TaskKind.FREED_TIME: 1, TaskKind.REBOOK: 2}
    claims.claim_next(but=[TaskKind.REBOOK], by=make.actor(Role.OPERATOR))
    assert queries.due_counts(kinds=[TaskKind.FREED_TIME]) == {}


def test_the_open_task_about_something():
    task = make.task(kind=TaskKind.REBOOK)
    assert queries.open_about(kind=TaskKind.REBOOK, subject=task.subject) == task
    assert queries.open_about(kind=TaskKind.FREED_TIME, subject=task.subject) is None


def test_somebody_elses_number():
    by, other = make.actor(Role.OPERATOR), make.actor(Role.OPERATOR)
    task = make.task()
    assert not queries.claimed_by_another(task=task, by=by)
    claims.claim_next(by=other)
    assert queries.claimed_by_another(task=task, by=by)
    assert not queries.claimed_by_another(task=task, by=other)
    assert not queries.claimed_by_another(task=task, by=by, now=timezone.now() + timedelta(hours=1))


def test_the_queue_costs_the_same_for_one_and_for_three():
    make.task()
    one = statements(queue)
    make.task(), make.task()
    assert (one, statements(queue), len(queue())) == (1, 1, 3)


def test_claiming_costs_the_same_for_one_and_for_three():
    def claim_and_give_back():
        task = claims.claim_next(by=by)
        claims.give_back(task=task.pk, by=by)

    by = make.actor(Role.OPERATOR)
    make.task(phone="+79210001122")
    one = statements(claim_and_give_back)
    for phone in ("+79210001122", "+79210003344"):
        make.task(phone=phone)
    assert statements(claim_and_give_back) == one

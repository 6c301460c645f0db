"""The worklist at its edges: another number, the last moment, a claim that ran out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.accounts.choices import Role
from tests import factories as make
from worklist import queries
from worklist.actions import claims, tasks
from worklist.choices import TaskKind, TaskState
from worklist.errors import ClaimedByAnother, NotClaimed, TaskClosed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def by():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def other():
    return make.actor(Role.OPERATOR)


def until(moment):
    Claim.objects.update(until=moment)


def test_a_claim_is_good_for_its_own_number_alone(by):
    mine, another = make.task(), make.task()
    claims.claim_next(by=by)
    assert (queries.is_claimed(task=mine, by=by), queries.is_claimed(task=another, by=by)) == (True, False)
    assert (claims.lock(task=mine.pk, by=by), claims.lock(task=another.pk, by=by)) == (True, False)
    assert not claims.keep_alive(task=another.pk, by=by)
    for act in (
        lambda: tasks.finish(task=another.pk, outcome="booked", by=by),
        lambda: tasks.retry(task=another.pk, outcome="busy", not_before=timezone.now(), by=by),
        lambda: claims.give_back(task=another.pk, by=by),
    ):
        with pytest.raises(NotClaimed):
            act()
    another.refresh_from_db()
    assert (another.state, another.attempts, Claim.objects.get().key) == (TaskState.OPEN, 0, mine.claim_key)


def test_a_claim_of_somebody_else_is_not_mine(by, other):
    task = make.task()
    claims.claim_next(by=other)
    assert not queries.is_claimed(task=task, by=by)
    with pytest.raises(ClaimedByAnother):
        claims.claim(task=task.pk, by=by)


def test_what_ran_out_in_other_hands_is_taken_out_of_turn(by, other):
    task = make.task()
    claims.claim_next(by=other)
    until(timezone.now())
    assert claims.claim(task=task.pk, by=by) == task
    assert Claim.objects.get().by == by.ref


def test_taking_the_same_again_keeps_the_claim_longer(by, settings):
    task = make.task()
    claims.claim(task=task.pk, by=by)
    until(timezone.now() + timedelta(seconds=5))
    before = timezone.now()
    claims.claim(task=task.pk, by=by)
    minutes = timedelta(minutes=settings.CLAIM_MINUTES)
    assert before + minutes <= Claim.objects.get().until <= timezone.now() + minutes


def test_a_claim_names_its_owner_and_its_end(by, settings):
    task, before = make.task(), timezone.now()
    claims.claim_next(by=by)
    claim, minutes = Claim.objects.get(), timedelta(minutes=settings.CLAIM_MINUTES)
    assert (claim.key, claim.by, claim.by_name) == (task.claim_key, by.ref, by.name)
    assert before + minutes <= claim.until <= timezone.now() + minutes


def test_who_gives_back_or_ends_leaves_the_claims_of_others(by, other):
    first = make.task()
    make.task()
    claims.claim_next(by=by)
    claims.claim_next(by=other)
    claims.give_back(task=first.pk, by=by)
    assert Claim.objects.get().by == other.ref
    claims.end(by=by)
    assert Claim.objects.get().by == other.ref


@pytest.mark.parametrize(("late", "lapsed"), [(-MOMENT, 0), (timedelta(0), 1), (MOMENT, 1)])
def test_a_claim_ends_with_its_moment(by, late, lapsed):
    make.task()
    claims.claim_next(by=by)
    ends = Claim.objects.get().until
    assert queries.claimed_tasks(by=by, now=ends + late).count() == 1 - lapsed
    assert queries.due(kinds=TaskKind, now=ends + late).count() == lapsed
    (shown,) = queries.queue(kinds=TaskKind, now=ends + late)
    assert (shown.ready, shown.claimed_by) == ((0, None) if lapsed else (1, by.ref))
    assert queries.claimed_by_another(task=shown, by=make.actor(Role.OPERATOR), now=ends + late) == (not lapsed)
    assert claims.return_lapsed(now=ends + late) == lapsed


def test_without_a_moment_it_is_now(by):
    make.task()
    claims.claim_next(by=by)
    until(timezone.now() - MOMENT)
    assert queries.claimed_tasks(by=by).count() == 0
    assert queries.due(kinds=TaskKind).count() == 1
    assert not queries.claimed_by_another(task=Task.objects.get(), by=make.actor(Role.OPERATOR))
    assert claims.return_lapsed() == 1


@pytest.mark.parametrize(("late", "due"), [(-MOMENT, False), (timedelta(0), True)])
def test_what_is_put_off_is_due_from_its_moment_on(late, due):
    at = timezone.now() + timedelta(hours=1)
    task = make.task(not_before=at)
    assert queries.due(kinds=TaskKind, now=at + late).exists() == due
    assert [shown.ready for shown in queries.queue(kinds=TaskKind, now=at + late)] == [0 if due else 1]
    assert list(queries.open_tasks(at + late)) == [task]


@pytest.mark.parametrize(("late", "there"), [(-MOMENT, True), (timedelta(0), False)])
def test_what_expires_is_open_to_the_last_moment(late, there):
    at = timezone.now() + timedelta(hours=1)
    make.task(expires_at=at)
    for read in (queries.queue, queries.due):
        assert read(kinds=TaskKind, now=at + late).exists() == there


def test_what_is_due_stands_before_what_is_put_off_also_in_one_hand(by):
    phone, now = "+79210001122", timezone.now()
    put_off = make.task(phone=phone, waiting_since=now - timedelta(days=2), not_before=now + timedelta(hours=1))
    due = make.task(phone=phone, waiting_since=now)
    claims.claim_next(by=by)
    assert list(queries.claimed_tasks(by=by)) == [due, put_off]
    Claim.objects.update(until=now + timedelta(hours=3))
    assert list(queries.claimed_tasks(by=by, now=now + timedelta(hours=1))) == [put_off, due]


def test_whoever_may_not_work_the_kind_has_nothing_in_hand(by):
    make.task()
    claims.claim_next(by=by)
    registrar = make.actor(Role.REGISTRAR)
    Claim.objects.update(by=registrar.ref)
    assert list(queries.claimed_tasks(by=registrar)) == []
    assert queries.kinds_for(registrar) == [TaskKind.REBOOK, TaskKind.UNTOLD]
    assert queries.kinds_for(by) == [
        TaskKind.FREED_TIME,
        TaskKind.REBOOK,
        TaskKind.UNTOLD,
        TaskKind.NO_CODE,
        TaskKind.EXPIRING,
        TaskKind.FIND_NUMBER,
        TaskKind.MISSED_CALL,
    ]


def test_a_task_that_is_closed_with_an_outcome_was_somebodys_doing(by):
    done, dropped = make.task(), make.task()
    before = timezone.now()
    tasks.close(task=done.pk, outcome="booked", by=by)
    tasks.close(task=dropped.pk, by=by)
    closed = {task.pk: task for task in Task.objects.all()}
    assert (closed[done.pk].state, closed[done.pk].outcome) == (TaskState.DONE, "booked")
    assert (closed[dropped.pk].state, closed[dropped.pk].outcome) == (TaskState.DROPPED, "")
    assert {task.closed_by for task in closed.values()} == {by.ref}
    assert all(before <= task.closed_at <= timezone.now() for task in closed.values())


def test_a_closed_task_is_neither_prolonged_nor_closed_anew(by):
    task = make.task(expires_at=timezone.now() + timedelta(hours=1))
    tasks.close(task=task.pk, by=make.TEST)
    tasks.prolong(task=task.pk, until=timezone.now() + timedelta(hours=9))
    tasks.close(task=task.pk, outcome="booked", by=by)
    kept = Task.objects.get()
    assert (kept.expires_at, kept.state, kept.closed_by) == (task.expires_at, TaskState.DROPPED, make.TEST.ref)
    with pytest.raises(TaskClosed):
        claims.claim(task=task.pk, by=by)


def test_each_attempt_counts(by):
    task = make.task()
    for number in (1, 2):
        claims.claim(task=task.pk, by=by)
        tasks.retry(task=task.pk, outcome="busy", not_before=timezone.now(), by=by)
        task.refresh_from_db()
        assert (task.attempts, task.outcome, task.closed_at) == (number, "busy", None)

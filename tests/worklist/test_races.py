"""Two and more of the staff at the same moment, in real transactions (T09)."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from foundation.accounts.choices import Role
from tests import factories as make
from tests.races.harness import dropped, run_at_once
from worklist.actions import claims, tasks
from worklist.errors import ClaimedByAnother, NotClaimed, TaskClosed
from worklist.models import Claim, Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

NUMBERS = 6
OF_A_FAMILY = 3


@pytest.fixture
def operators():
    return [make.actor(Role.OPERATOR) for _ in range(10)]


@pytest.fixture
def families():
    phones = [f"+7921000{number:04d}" for number in range(NUMBERS)]
    return {phone: [make.task(phone=phone) for _ in range(OF_A_FAMILY)] for phone in phones}


def press_next(operators):
    return run_at_once([partial(claims.claim_next, by=who) for who in operators]).values


def test_each_number_is_claimed_by_one(operators, families):
    for _ in range(5):
        claimed = [task for task in press_next(operators) if task]
        assert sorted(task.claim_key for task in claimed) == sorted(families)
        assert sorted(Claim.objects.values_list("key", flat=True)) == sorted(families)
        Claim.objects.all().delete()


def test_a_family_taken_out_of_turn_is_taken_by_one(operators, families):
    family = families["+79210000000"]
    result = run_at_once(
        [partial(claims.claim, task=family[number % OF_A_FAMILY].pk, by=who) for number, who in enumerate(operators)]
    )
    assert (len(result.values), result.refused_with()) == (1, {ClaimedByAnother})
    assert Claim.objects.count() == 1


def test_a_double_click_is_one_claim(operators, families):
    assert len({task.pk for task in press_next(operators[:1] * 10)}) == 1
    assert Claim.objects.count() == 1


def test_an_outcome_pressed_twice_counts_once(operators, families):
    task = claims.claim_next(by=operators[0])
    result = run_at_once([partial(tasks.finish, task=task.pk, outcome="booked", by=operators[0]) for _ in range(6)])
    assert (len(result.values), result.refused_with()) == (1, {NotClaimed})
    assert Task.objects.get(pk=task.pk).attempts == 1


def test_a_call_that_is_just_being_finished_is_not_taken_over(operators):
    """The claim has lapsed a moment ago, and its owner presses an outcome."""
    task = make.task()
    claims.claim_next(by=operators[0])
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    in_hand = threading.Event()

    @transaction.atomic
    def finish():
        claims.lock(task=task.pk, by=operators[0])
        in_hand.set()
        time.sleep(0.3)
        tasks.finish(task=task.pk, outcome="booked", by=operators[0])

    def press():
        in_hand.wait(5)
        return claims.claim_next(by=operators[1])

    assert run_at_once([finish, press]).values == [None, None]
    assert Task.objects.get().closed_by == operators[0].ref


def finished_at_this_moment(task, by, press):
    """Returns what becomes of `press`, which finds the task open and waits for the number until the call has ended."""
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    ended = threading.Event()

    @transaction.atomic
    def finish():
        tasks.finish(task=task.pk, outcome="booked", by=by)
        ended.set()
        time.sleep(0.3)

    def pressed():
        ended.wait(5)
        return press()

    return run_at_once([finish, pressed])


def test_a_task_that_was_finished_while_its_number_was_waited_for_is_not_next(operators):
    task = make.task()
    claims.claim_next(by=operators[0])
    result = finished_at_this_moment(task, operators[0], partial(claims.claim_next, by=operators[1]))
    assert (result.values, Claim.objects.count()) == ([None, None], 0)


def test_a_task_that_was_finished_while_its_number_was_waited_for_is_closed(operators):
    task = make.task()
    claims.claim_next(by=operators[0])
    result = finished_at_this_moment(task, operators[0], partial(claims.claim, task=task.pk, by=operators[1]))
    assert (result.values, result.refused_with(), Claim.objects.count()) == ([None], {TaskClosed}, 0)


@pytest.fixture
def no_guard(monkeypatch):
    """Takes the guard away: nobody waits for a number, and the database lets it have two claims."""

    def careless(key):
        time.sleep(0.05)
        return True

    monkeypatch.setattr(claims, "try_advisory_lock", careless)
    with dropped(Claim, "claim_one_per_number", heal=Claim.objects.all().delete):
        yield


def test_control_without_lock_and_constraint_a_family_has_two(operators, families, no_guard):
    claimed = [task for task in press_next(operators) if task]
    assert len({task.claim_key for task in claimed}) < len(claimed)


def test_the_constraint_alone_holds_without_the_lock(operators, families, monkeypatch):
    monkeypatch.setattr(claims, "try_advisory_lock", lambda key: True)
    claimed = [task for task in press_next(operators) if task]
    assert sorted(task.claim_key for task in claimed) == sorted(families)

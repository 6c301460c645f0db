"""A number is corrected while somebody claims its task: whoever has the claim works on the task (R21)."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from tests import factories as make
from tests.races.harness import run_at_once
from worklist.actions import claims, numbers
from worklist.errors import ClaimedByAnother
from worklist.models import Claim, Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
OLD, NEW = "+79215550101", "+79215550202"


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def task():
    who = make.patient(phone=OLD)
    return make.task(of=who, subject=make.entry(make.specialty(), who=who).pk)


def correct(task):
    booking.correct_patient(patient=task.patient, changes=Changes({"phone": NEW}), by=make.TEST)


def beside_a_correction(task, step):
    """Does a step of the operator; the number is corrected before the step is committed, and waits for nobody."""
    done, corrected = threading.Event(), threading.Event()

    @transaction.atomic
    def step_slowly():
        step()
        done.set()
        assert corrected.wait(30)

    def correct_meanwhile():
        assert done.wait(30)
        try:
            correct(task)
        finally:
            corrected.set()

    run_at_once([step_slowly, correct_meanwhile])


def keys():
    """The key of each claim, and of the task."""
    return list(Claim.objects.values_list("key", flat=True)), Task.objects.get().claim_key


def test_a_claim_that_is_being_written_keeps_its_task_until_the_call_is_over(task, operator):
    beside_a_correction(task, partial(claims.claim, task=task.pk, by=operator))
    assert keys() == ([OLD], OLD)
    booking.reconcile_openness()
    assert keys() == ([NEW], NEW)


def test_control_without_the_lock_the_claim_is_lost(task, operator, monkeypatch):
    monkeypatch.setattr(numbers, "try_advisory_lock", lambda key: True)
    beside_a_correction(task, partial(claims.claim, task=task.pk, by=operator))
    assert keys() == ([OLD], NEW)


def test_a_call_that_is_ending_is_not_waited_for(task, operator):
    claims.claim(task=task.pk, by=operator)
    beside_a_correction(task, partial(claims.lock, task=task.pk, by=operator))
    assert keys() == ([OLD], OLD)


def test_a_number_that_was_corrected_while_its_task_was_being_claimed_is_not_claimed(task, operator, monkeypatch):
    lapsed = claims.return_lapsed

    def corrected_just_now(**moment):
        run_at_once([lambda: correct(task)])
        return lapsed(**moment)

    monkeypatch.setattr(claims, "return_lapsed", corrected_just_now)
    with pytest.raises(ClaimedByAnother):
        claims.claim(task=task.pk, by=operator)
    assert keys() == ([], NEW)


WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def wait_until_somebody_waits():
    """Returns when another connection waits for this one's transaction."""
    with connection.cursor() as cursor:
        for _read in range(100_000):
            if cursor.execute(WAITING).fetchone():
                return
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("step", [claims.lock, claims.give_back, claims.keep_alive])
def test_a_claim_that_moves_while_its_owner_presses_is_still_theirs(task, operator, step, monkeypatch):
    claims.claim(task=task.pk, by=operator)
    monkeypatch.setattr(claims, "is_fresh", lambda **_claim: False)
    moved = threading.Event()

    @transaction.atomic
    def correct_slowly():
        correct(task)
        moved.set()
        wait_until_somebody_waits()

    @transaction.atomic
    def press():
        assert moved.wait(30)
        return step(task=task.pk, by=operator)

    outcome = run_at_once([correct_slowly, press])
    assert (outcome.refusals, False in outcome.values) == ([], False)

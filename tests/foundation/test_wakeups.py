"""A wake-up shortens a wait: nobody at a screen waits for it, and a broker that is away loses no code (T12)."""

import threading
from functools import partial

import pytest
from celery import current_app
from django.db import transaction

from foundation.background import wakeups

pytestmark = pytest.mark.django_db(transaction=True)

TASK = "notifications.send_due"


@pytest.fixture
def no_broker(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    yield
    assert wakeups.drain(seconds=30)


@pytest.fixture
def ran():
    return []


def drained(ran):
    assert wakeups.drain(seconds=30)
    return ran


def test_without_a_broker_the_fallback_runs(no_broker, ran):
    wakeups.after_commit(TASK, fallback=lambda: ran.append("code"))
    assert drained(ran) == ["code"]


def test_with_a_broker_the_task_is_left_to_a_worker(ran):
    wakeups.after_commit(TASK, fallback=lambda: ran.append("code"))
    assert drained(ran) == []


def test_nothing_is_woken_by_what_is_rolled_back(no_broker, ran):
    with transaction.atomic():
        wakeups.after_commit(TASK, fallback=lambda: ran.append("code"))
        transaction.set_rollback(True)
    assert drained(ran) == []


def test_it_is_woken_after_the_commit_and_not_before(no_broker, ran):
    with transaction.atomic():
        wakeups.after_commit(TASK, fallback=lambda: ran.append("code"))
        assert drained(ran) == []
    assert drained(ran) == ["code"]


def test_what_comes_while_one_is_under_way_is_one(no_broker, ran):
    under_way, may_end = threading.Event(), threading.Event()

    def first():
        under_way.set()
        ran.append(may_end.wait(30))

    wakeups.after_commit(TASK, fallback=first)
    assert under_way.wait(30)
    for number in range(50):
        wakeups.after_commit(TASK, fallback=partial(ran.append, number))
    may_end.set()
    assert drained(ran) == [True, 49]


def test_a_wake_up_without_a_fallback_does_not_take_it_from_another(no_broker, ran):
    with transaction.atomic():
        wakeups.after_commit(TASK, fallback=lambda: ran.append("code"))
        wakeups.after_commit(TASK)
    assert "code" in drained(ran)


def test_a_fallback_that_fails_is_written_down_and_the_next_one_runs(no_broker, ran, caplog):
    def fail():
        raise LookupError

    wakeups.after_commit("first", fallback=fail)
    drained(ran)
    wakeups.after_commit("second", fallback=lambda: ran.append("second"))
    assert drained(ran) == ["second"]
    assert caplog.messages == ["fallback of a wake-up failed"]

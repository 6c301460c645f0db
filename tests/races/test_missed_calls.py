"""A number that is missed in several calls at the same moment is called back once."""

from contextlib import nullcontext
from functools import partial

import pytest
from django.utils import timezone

import booking
from booking import exchange
from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall
from tests import factories as make
from tests.races.harness import run_at_once
from worklist.models import Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CALLS = 12


def missed(call) -> Told:
    return Told(event=Event.MISSED, call=str(call), at=timezone.now(), number="+79210001122")


def tell_at_once(calls) -> None:
    run_at_once([partial(booking.report_call, told=missed(call), by=make.TEST) for call in calls])


def test_calls_of_one_number_are_one_task():
    tell_at_once(range(CALLS))
    assert (Task.objects.count(), ExchangeCall.objects.count()) == (1, CALLS)


def test_one_call_that_is_told_of_at_once_is_one():
    tell_at_once([1] * CALLS)
    assert (Task.objects.count(), ExchangeCall.objects.count()) == (1, 1)


def test_control_without_the_lock_there_are_more(monkeypatch):
    monkeypatch.setattr(exchange, "advisory_lock", lambda _key: nullcontext())
    for round_of_calls in range(10):
        tell_at_once(range(round_of_calls * CALLS, (round_of_calls + 1) * CALLS))
        if Task.objects.count() > 1:
            return
        Task.objects.all().delete()
    pytest.fail("no two tasks of one number in ten rounds: the race is not run")

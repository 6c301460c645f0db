"""What an exchange tells of a call is one row, in any order and as often as it is told."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from telephony.actions import exchange_calls
from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall
from telephony.queries import calls
from tests import factories as make

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
NUMBER = "+79210001122"


def told(event, *, after=0, **more) -> Told:
    return Told(**{"event": event, "call": "1.1", "at": START + timedelta(seconds=after), "number": NUMBER} | more)


ANSWERED = [
    told(Event.RINGING, extension="101"),
    told(Event.RINGING, after=2, extension="102"),
    told(Event.ANSWERED, after=9, extension="102", number=""),
    told(Event.ENDED, after=60, number=""),
    told(Event.RECORDED, after=70, number="", recording_id="1.wav", recording_link="https://pbx/1.wav"),
]


def test_an_answered_call_is_the_same_in_any_order():
    for order in permutations(ANSWERED):
        ExchangeCall.objects.all().delete()
        for each in (*order, *order):
            exchange_calls.write(each)
        call = ExchangeCall.objects.get()
        assert (call.number.as_e164, call.rang_at, sorted(call.rings_at)) == (NUMBER, START, ["101", "102"])
        assert (call.answered_at, call.extension) == (START + timedelta(seconds=9), "102")
        assert (call.missed_at, call.ended_at) == (None, START + timedelta(seconds=60))
        assert (call.recording_id, call.recording_link) == ("1.wav", "https://pbx/1.wav")


def test_a_call_that_nobody_answered_is_missed():
    for each in (told(Event.RINGING, extension="101"), told(Event.MISSED, after=20)):
        exchange_calls.write(each)
    call = ExchangeCall.objects.get()
    assert (call.missed_at, call.ended_at) == (START + timedelta(seconds=20),) * 2


@pytest.mark.parametrize("order", [(Event.ANSWERED, Event.MISSED), (Event.MISSED, Event.ANSWERED)])
def test_an_answered_call_is_not_missed(order):
    for event in order:
        exchange_calls.write(told(event, extension="101"))
    call = ExchangeCall.objects.get()
    assert (call.answered_at, call.missed_at) == (START, None)


def test_calls_are_forgotten_after_their_time():
    exchange_calls.write(told(Event.RINGING))
    assert exchange_calls.forget(before=START) == 0
    assert exchange_calls.forget(before=START + timedelta(seconds=1)) == 1


@pytest.fixture
def operator():
    return staff(make.user(Role.OPERATOR, extension="101"))


def ring(call, at, **columns):
    now = timezone.now()
    return ExchangeCall.objects.create(**{"call": call, "number": NUMBER, "rings_at": [at], "rang_at": now} | columns)


def test_whoever_rings_at_the_extension_calls_now(operator):
    ring("other", "102")
    assert calls.calling_now(operator) is None
    mine = ring("mine", "101")
    assert calls.calling_now(operator) == mine


def test_the_call_they_have_answered_goes_on(operator):
    now = timezone.now()
    ring("group", "101", answered_at=now, extension="102")
    assert calls.calling_now(operator) is None
    mine = ring("mine", "102", answered_at=now, extension="101")
    assert calls.calling_now(operator) == mine


def test_a_call_is_over_when_it_ends_or_nothing_more_is_told(operator):
    now = timezone.now()
    ring("ended", "101", ended_at=now)
    ring("silent", "101", rang_at=now - calls.RINGS)
    ring("forgotten", "101", rang_at=now - calls.LASTS, answered_at=now - calls.LASTS, extension="101")
    assert calls.calling_now(operator) is None


def test_without_an_extension_nobody_calls():
    ring("mine", "")
    assert calls.calling_now(make.actor(Role.OPERATOR)) is None

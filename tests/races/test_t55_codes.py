"""T55, T112: many who ask at one moment from one network get as many codes and requests as it may have, and no more."""

import time
from functools import partial

import pytest
from django.conf import settings

import booking
from foundation.accounts.actors import site_visitor
from foundation.guard.errors import LimitReached
from foundation.guard.queries import acts
from notifications.actions import phone_codes
from notifications.errors import CodesStopped
from notifications.models import PhoneCode
from patients.choices import Channel
from tests import factories as make
from tests.races.harness import run_at_once
from waitlist.models import WaitlistRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ASK = 40


def ask(number):
    try:
        phone_codes.send(phone=f"+7921555{number:04d}", asked_by=f"site:{number}", address="203.0.113.9")
    except CodesStopped:
        return False
    return True


def sent():
    return run_at_once([partial(ask, number) for number in range(ASK)]).values.count(True)


def test_a_network_is_sent_no_code_more():
    assert sent() == settings.CODES_PER_NETWORK[0] == PhoneCode.objects.count()


def test_without_turns_it_would_be_more(monkeypatch):
    """The negative control: as counters without a lock count."""
    monkeypatch.setattr(acts, "take_turns", lambda keys: time.sleep(0.05))
    assert sent() > settings.CODES_PER_NETWORK[0]


def leave(specialty, number):
    by = site_visitor(session=str(number), ip="203.0.113.9")
    person = make.person(phone=f"+7921555{number:04d}", last_name="Орлова")
    try:
        booking.hand_over(person=person, wishes=make.wishes(specialty), channel=Channel.SITE, by=by)
    except LimitReached:
        return False
    return True


def taken():
    """T112: requests of one network."""
    specialty = make.specialty()
    return run_at_once([partial(leave, specialty, number) for number in range(ASK)]).values.count(True)


def test_of_a_network_no_request_more_is_taken():
    assert taken() == settings.REQUESTS_PER_NETWORK[0] == WaitlistRequest.objects.count()


def test_without_turns_more_requests_would_be(monkeypatch):
    monkeypatch.setattr(acts, "take_turns", lambda keys: time.sleep(0.05))
    assert taken() > settings.REQUESTS_PER_NETWORK[0]

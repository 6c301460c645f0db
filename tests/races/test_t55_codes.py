"""T55: many who ask for codes at one moment from one network are sent as many as the network may have, not one more."""

import time
from functools import partial

import pytest
from django.conf import settings

from foundation.guard.queries import acts
from notifications.actions import phone_codes
from notifications.errors import CodesStopped
from notifications.models import PhoneCode
from tests.races.harness import run_at_once

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

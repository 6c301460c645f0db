"""T110: strangers who come at one moment hold what they may of a doctor's day and from a network, not one time more."""

import time
from functools import partial

import pytest
from django.conf import settings
from django.utils import timezone

from foundation.accounts.actors import site_visitor
from scheduling.actions import site_holds
from scheduling.errors import ProofNeeded
from scheduling.models import Slot
from scheduling.queries import strangers
from scheduling.queries.strangers import Own
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
COME = 12


def hold(slot, who, address):
    try:
        by = site_visitor(session=who, ip=address)
        site_holds.hold(start=slot.pk, service=slot.doctor.services.get(), by=by, proved=False)
    except ProofNeeded:
        return False
    return True


def held(clients):
    outcome = run_at_once(clients)
    live = Slot.objects.filter(held_until__gt=timezone.now()).values("hold_token").distinct().count()
    assert (outcome.deadlocks, outcome.refusals) == (0, [])
    return live, outcome.values.count(True)


def from_many_networks():
    """Each visitor from a network of their own wants another time of one day."""
    free = make.slots_of(make.shift(make.doctor(), slots=COME))
    return [partial(hold, slot, f"stranger {place}", f"192.0.2.{place}") for place, slot in enumerate(free)]


def from_one_network():
    """Each visitor from one network wants a time of another doctor."""
    return [
        partial(hold, make.slots_of(make.shift(make.doctor(), slots=1))[0], f"stranger {place}", "203.0.113.9")
        for place in range(COME)
    ]


def of_one_browser():
    """One visitor presses on times of several doctors at once."""
    return [
        partial(hold, make.slots_of(make.shift(make.doctor(), slots=1))[0], "anna", f"192.0.2.{place}")
        for place in range(COME)
    ]


def test_a_doctors_day():
    assert held(from_many_networks()) == (settings.HOLDS_PER_DAY, settings.HOLDS_PER_DAY)


def test_a_network():
    assert held(from_one_network()) == (settings.HOLDS_PER_NETWORK, settings.HOLDS_PER_NETWORK)


def test_a_browser():
    assert held(of_one_browser()) == (1, COME)


@pytest.mark.parametrize(
    ("clients", "may"), [(from_many_networks, "HOLDS_PER_DAY"), (from_one_network, "HOLDS_PER_NETWORK")]
)
def test_without_turns_it_would_be_more(monkeypatch, clients, may):
    """The negative control: as counting without a lock counts."""
    seen = strangers.held

    def slowly(**asked):
        found = seen(**asked)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(strangers, "take_turns", lambda **_asked: Own(since=None, until=None, slots=0))
    monkeypatch.setattr(strangers, "held", slowly)
    live, _told = held(clients())
    assert live > getattr(settings, may)

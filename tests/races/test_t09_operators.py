"""T09: twenty operators press «Следующий»."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import Count
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.accounts.choices import Role
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from tests import factories as make
from tests.races.harness import dropped, together
from waitlist import matching
from waitlist.actions import calls
from waitlist.choices import OfferState
from waitlist.models import SlotOffer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PEOPLE = 14
TWICE = 8
"""So many of the people wait for two specialties and are offered a time in each."""


@pytest.fixture
def operators():
    return [make.actor(Role.OPERATOR) for _ in range(20)]


@pytest.fixture
def offers():
    people = [make.patient() for _ in range(PEOPLE)]
    for waiting in (people, people[:TWICE]):
        specialty = make.specialty()
        doctor = make.doctor(make.service(specialty))
        freed = make.slots_of(make.shift(doctor, days=2, slots=len(waiting)))
        for person in waiting:
            make.entry(specialty, who=person)
        slots.announce(freed, reason=ReleaseReason.CANCELLED)
    matching.match_freed()
    assert SlotOffer.objects.filter(state=OfferState.PROPOSED).count() == PEOPLE + TWICE


def press_next(operators):
    return [offer for offer in together([partial(calls.claim_next, by=who) for who in operators]).values if offer]


def test_each_entry_and_each_person_is_called_by_one(offers, operators, request):
    for _ in range(50 if request.config.getoption("--long") else 5):
        claimed = press_next(operators)
        assert len(claimed) == PEOPLE, "everybody who can be called is, none of them twice"
        assert len({offer.entry_id for offer in claimed}) == len({offer.patient_id for offer in claimed}) == PEOPLE
        assert len({offer.claimed_by for offer in claimed}) == PEOPLE
        calling = SlotOffer.objects.filter(state=OfferState.CALLING)
        assert {(offer.pk, offer.claimed_by) for offer in claimed} == set(calling.values_list("pk", "claimed_by"))
        together([partial(give_back, offer) for offer in calling])


def give_back(offer):
    calls.give_back(offer=offer.pk, by=Actor(ref=offer.claimed_by, name=""))


def test_a_double_click_is_one_call(offers, operators):
    claimed = press_next(operators[:1] * 20)
    assert len(claimed) == 20
    assert len({offer.pk for offer in claimed}) == 1
    assert SlotOffer.objects.filter(state=OfferState.CALLING).count() == 1


def test_the_call_of_a_dead_browser_comes_back(offers, operators):
    dead = calls.claim_next(by=operators[0])
    SlotOffer.objects.filter(pk=dead.pk).update(claim_until=timezone.now() - timedelta(seconds=1))
    claimed = press_next(operators[1:])
    assert [offer.claimed_by for offer in claimed if offer.pk == dead.pk] != [operators[0].ref]
    assert sum(offer.pk == dead.pk for offer in claimed) == 1
    assert not calls.keep_alive(offer=dead.pk, by=operators[0])


def test_the_sweep_gives_back_the_calls_of_dead_browsers(offers, operators):
    press_next(operators)
    SlotOffer.objects.filter(state=OfferState.CALLING).update(claim_until=timezone.now() - timedelta(seconds=1))
    assert matching.return_lapsed() == PEOPLE
    assert not SlotOffer.objects.exclude(state=OfferState.PROPOSED).exists()


def test_control_without_lock_and_constraint_people_are_called_twice(offers, operators, monkeypatch):
    def unlocked(now, passed):
        offer = SlotOffer.objects.filter(calls.due(now)).order_by(*calls.QUEUE_ORDER).first()
        time.sleep(0.05)
        return offer

    def hang_up():
        SlotOffer.objects.filter(state=OfferState.CALLING).update(state=OfferState.PROPOSED, claim_until=None)

    monkeypatch.setattr(calls, "_first_due", unlocked)
    with dropped(SlotOffer, "offer_one_call_per_patient", heal=hang_up):
        claimed = press_next(operators)
        assert len({offer.entry_id for offer in claimed}) < len(claimed), "one entry, two operators"
        twice = (
            SlotOffer.objects.filter(state=OfferState.CALLING)
            .values("patient")
            .annotate(calls=Count("pk"))
            .filter(calls__gt=1)
        )
        for _ in range(PEOPLE + TWICE):
            calls.claim_next(by=make.actor(Role.OPERATOR))
        assert twice.exists(), "one person, two calls at once"

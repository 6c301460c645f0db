"""T09: twenty operators press «Следующий»."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import Count
from django.utils import timezone

from foundation.accounts.choices import Role
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from tests.races.harness import dropped, run_at_once
from waitlist import matching
from waitlist.actions import offers
from waitlist.choices import OfferState
from waitlist.models import SlotOffer
from worklist.actions import claims
from worklist.models import Claim

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PEOPLE = 14
TWICE = 8
"""So many of the people wait for two specialties and are offered a time in each."""


@pytest.fixture
def operators():
    return [make.actor(Role.OPERATOR) for _ in range(20)]


@pytest.fixture
def to_call():
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
    """Presses «Следующий» for all and returns which operator has got which call."""
    pressed = run_at_once([partial(next_call, who) for who in operators]).values
    return [(who, offer) for who, offer in pressed if offer]


def next_call(who):
    return who, phoning.claim_next(by=who)


def called(claimed):
    return [offer for _who, offer in claimed]


def lapse(**which):
    Claim.objects.filter(**which).update(until=timezone.now() - timedelta(seconds=1))


def test_each_entry_and_each_person_is_called_by_one(to_call, operators, request):
    for _ in range(50 if request.config.getoption("--long") else 5):
        claimed = press_next(operators)
        assert len(claimed) == PEOPLE, "everybody who can be called is, none of them twice"
        assert len({offer.entry_id for offer in called(claimed)}) == PEOPLE
        assert len({offer.patient_id for offer in called(claimed)}) == PEOPLE
        assert len({who.ref for who, _offer in claimed}) == PEOPLE
        calling = SlotOffer.objects.filter(task__claim_key__in=Claim.objects.values("key"))
        assert calling.count() == PEOPLE + TWICE, "both times of a person are in the same hands"
        assert {(offer.task.claim_key, who.ref) for who, offer in claimed} == set(
            Claim.objects.values_list("key", "by")
        )
        run_at_once([partial(phoning.give_back, offer=offer.pk, by=who) for who, offer in claimed])
        assert not Claim.objects.exists()


def test_a_double_click_is_one_call(to_call, operators):
    claimed = press_next(operators[:1] * 20)
    assert len(claimed) == 20
    assert len({offer.pk for offer in called(claimed)}) == 1
    assert Claim.objects.count() == 1


def test_the_call_of_a_dead_browser_comes_back(to_call, operators):
    dead = phoning.claim_next(by=operators[0])
    lapse()
    claimed = press_next(operators[1:])
    assert [who for who, offer in claimed if offer.pk == dead.pk] != [operators[0]]
    assert sum(offer.pk == dead.pk for offer in called(claimed)) == 1
    assert not phoning.keep_alive(offer=dead.pk, by=operators[0])


def test_the_sweep_gives_back_the_calls_of_dead_browsers(to_call, operators):
    press_next(operators)
    lapse()
    assert offers.return_lapsed() == PEOPLE + PEOPLE + TWICE, "the claims, and what they were about"
    assert not Claim.objects.exists()
    assert not SlotOffer.objects.exclude(state=OfferState.PROPOSED).exists()
    assert not Slot.objects.exclude(hold_token=None).exists()


def test_control_without_lock_and_constraint_people_are_called_twice(to_call, operators, monkeypatch):
    def careless(key):
        time.sleep(0.05)
        return True

    monkeypatch.setattr(claims, "try_advisory_lock", careless)
    with dropped(Claim, "claim_one_per_number", heal=Claim.objects.all().delete):
        claimed = press_next(operators)
        assert len({offer.entry_id for offer in called(claimed)}) < len(claimed), "one entry, two operators"
        twice = Claim.objects.values("key").annotate(calls=Count("pk")).filter(calls__gt=1)
        assert twice.exists(), "one person, two calls at once"

"""T18: what fails again and again is parked and shown; whatever stands behind it goes on meanwhile."""

import html

import psycopg
import pytest
from django.db import OperationalError
from django.urls import reverse
from psycopg_pool import PoolTimeout

from foundation.accounts.choices import Role
from scheduling.choices import ReleaseOutcome
from scheduling.models import SlotRelease
from tests import factories as make
from waitlist import matching
from waitlist.models import SlotOffer

pytestmark = pytest.mark.django_db


@pytest.fixture
def freed():
    """Frees three times of one day, for which somebody waits."""
    free = make.slots_of(make.shift(make.doctor(), days=2, slots=3))
    make.entry(free[0].doctor.specialties.get())
    return [SlotRelease.objects.create(slot=slot, reason="cancelled") for slot in free]


@pytest.fixture
def poisoned(freed, monkeypatch):
    """The first of them fails whenever it is handled."""
    whole, poison = matching.offer_slot, freed[0].slot_id

    def offer_slot(*, slot, **around):
        if slot == poison:
            raise ZeroDivisionError
        return whole(slot=slot, **around)

    monkeypatch.setattr(matching, "offer_slot", offer_slot)
    return freed


def outcomes(releases):
    for release in releases:
        release.refresh_from_db()
    return [release.outcome for release in releases]


def test_others_go_on_behind_one_that_fails(poisoned):
    assert matching.match_freed() == 2
    assert outcomes(poisoned) == ["", ReleaseOutcome.OFFERED, ReleaseOutcome.NOBODY_FITS]
    assert (poisoned[0].tries, SlotOffer.objects.count()) == (1, 1)


def test_it_is_parked_after_its_tries_and_not_tried_again(poisoned):
    for _ in range(matching.TRIES - 1):
        matching.match_freed()
    assert outcomes(poisoned)[0] == ""
    matching.match_freed()
    assert outcomes(poisoned)[0] == ReleaseOutcome.PARKED
    matching.match_freed()
    poisoned[0].refresh_from_db()
    assert poisoned[0].tries == matching.TRIES


def test_a_database_that_is_away_is_no_try(freed, monkeypatch):
    def fail(**_):
        raise OperationalError from PoolTimeout("away")

    monkeypatch.setattr(matching, "offer_slot", fail)
    with pytest.raises(OperationalError):
        matching.match_freed()
    assert [release.tries for release in SlotRelease.objects.all()] == [0, 0, 0]
    assert issubclass(PoolTimeout, psycopg.OperationalError)


def test_the_head_is_told_until_the_time_is_taken(poisoned, sign_in):
    head = sign_in(Role.HEAD)

    def told():
        return "не удалось подобрать пациентов" in html.unescape(head.get(reverse("office:waitlist")).content.decode())

    assert not told()
    for _ in range(matching.TRIES):
        matching.match_freed()
    assert told()
    make.appointment(poisoned[0].slot)
    assert not told()

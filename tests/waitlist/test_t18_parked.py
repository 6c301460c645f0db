"""T18: what fails again and again is parked and shown; whatever stands behind it goes on meanwhile."""

import html

import psycopg
import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from psycopg_pool import PoolTimeout

from foundation.accounts.choices import Role
from scheduling.models import SlotRelease
from tests import factories as make
from waitlist import matching
from waitlist.choices import FreedOutcome
from waitlist.models import FreedTime, SlotOffer

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
    whole, poison = matching.runs_with, freed[0].slot_id

    def runs_with(around, *, now):
        if around.freed.pk == poison:
            raise ZeroDivisionError
        return whole(around, now=now)

    monkeypatch.setattr(matching, "runs_with", runs_with)
    return freed


def match():
    """Matches as the sweep does that comes a while later."""
    FreedTime.objects.filter(ended_at=None).update(look_at=timezone.now())
    return matching.match_freed()


def of_poison(poisoned):
    return FreedTime.objects.get(slot=poisoned[0].slot)


def test_others_go_on_behind_one_that_fails(poisoned):
    assert match() == 3
    assert (of_poison(poisoned).tries, of_poison(poisoned).ended_at) == (1, None)
    assert list(SlotOffer.objects.values_list("slot", flat=True)) == [poisoned[1].slot_id]


def test_it_is_parked_after_its_tries_and_not_tried_again(poisoned):
    for _ in range(matching.TRIES - 1):
        match()
    assert of_poison(poisoned).outcome == ""
    match()
    assert of_poison(poisoned).outcome == FreedOutcome.PARKED
    match()
    assert of_poison(poisoned).tries == matching.TRIES


def test_a_database_that_is_away_is_no_try(freed, monkeypatch):
    def fail(*_, **__):
        raise OperationalError from PoolTimeout("away")

    monkeypatch.setattr(matching, "runs_with", fail)
    with pytest.raises(OperationalError):
        matching.match_freed()
    assert [time.tries for time in FreedTime.objects.all()] == [0, 0, 0]
    assert issubclass(PoolTimeout, psycopg.OperationalError)


def test_the_head_is_told_until_the_time_is_taken(poisoned, sign_in):
    head = sign_in(Role.HEAD)

    def told():
        return "не удалось подобрать пациентов" in html.unescape(head.get(reverse("office:waitlist")).content.decode())

    assert not told()
    for _ in range(matching.TRIES):
        match()
    assert told()
    make.appointment(poisoned[0].slot)
    assert not told()

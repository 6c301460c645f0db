"""What was lost on the way to matching is announced again: each free time that fits somebody, and no other (R23)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.models import SlotRelease
from tests import factories as make
from waitlist import matching
from waitlist.models import Sweep, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialty():
    return make.specialty()


def lost(specialty):
    """Publishes two free times of one doctor of which nobody tells the waitlist."""
    slots = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=2, slots=2))
    SlotRelease.objects.all().delete()
    return slots


def announced():
    return sorted(SlotRelease.objects.filter(reason="reconciled").values_list("slot", flat=True))


def ids(slots):
    return sorted(slot.pk for slot in slots)


def test_free_times_that_fit_are_announced(specialty):
    make.entry(specialty)
    free = lost(specialty)
    assert matching.reconcile() == 2
    assert announced() == ids(free)


def test_nobody_waits_for_what_another_specialty_has_free(specialty):
    make.entry(make.specialty("Трихология", "трихолог"))
    lost(specialty)
    assert matching.reconcile() == 0


@pytest.mark.parametrize("columns", [{"state": "offered"}, {"refused_free_times": True}])
def test_whoever_has_an_offer_or_wanted_none_of_the_free_times_is_left_alone(specialty, columns):
    WaitlistEntry.objects.filter(pk=make.entry(specialty).pk).update(**columns)
    lost(specialty)
    assert matching.reconcile() == 0


def test_what_is_announced_and_not_handled_is_not_announced_again(specialty):
    make.entry(specialty)
    first, second = lost(specialty)
    SlotRelease.objects.create(slot=first, reason="cancelled")
    assert matching.reconcile() == 1
    assert announced() == [second.pk]


def test_what_was_announced_and_handled_is_announced_again(specialty):
    """Whoever waits now may have come since."""
    make.entry(specialty)
    first, _second = lost(specialty)
    SlotRelease.objects.create(slot=first, reason="cancelled", handled_at=timezone.now(), outcome="nobody_fits")
    assert matching.reconcile() == 2


def test_what_a_person_was_offered_before_is_not_offered_to_them_again(specialty):
    entry = make.entry(specialty)
    first, second = lost(specialty)
    make.offer(entry, first, state="declined", ended_at=timezone.now())
    assert matching.reconcile() == 1
    assert announced() == [second.pk]


def test_what_one_was_offered_before_may_be_anothers(specialty):
    entry, _other = make.entry(specialty), make.entry(specialty)
    free = lost(specialty)
    make.offer(entry, free[0], state="declined", ended_at=timezone.now())
    assert matching.reconcile() == 2


def test_a_long_list_is_reconciled_in_turns(specialty, monkeypatch):
    """A run goes on where the one before stopped."""
    monkeypatch.setattr(matching, "RECONCILED", 2)
    _first, second, _third = sorted(make.entry(specialty).pk for _ in range(3))
    free = make.slots_of(make.shift(make.doctor(make.service(specialty)), slots=1))
    SlotRelease.objects.all().delete()
    sweep = Sweep.objects.filter(name=matching.RECONCILE)
    assert (matching.reconcile(), sweep.get().position) == (1, second)
    assert sweep.get().finished_at is not None
    assert (matching.reconcile(), sweep.get().position) == (0, None)
    assert SlotRelease.objects.get().slot == free[0]


def test_what_comes_too_soon_for_a_patient_is_not_announced_for_them():
    specialty = make.specialty()
    entry = make.entry(specialty, notice_minutes=4 * 24 * 60)
    make.shift(make.doctor(make.service(specialty)), days=2, slots=1)
    SlotRelease.objects.all().delete()
    assert matching.reconcile() == 0
    WaitlistEntry.objects.filter(pk=entry.pk).update(notice_minutes=0)
    assert matching.reconcile() == 1


def test_what_comes_before_the_call_a_patient_asked_for_is_not_announced_for_them():
    entry = make.entry(make.specialty())
    slot = make.slots_of(make.shift(make.doctor(make.service(entry.specialty)), days=2, slots=1))[0]
    SlotRelease.objects.all().delete()
    WaitlistEntry.objects.filter(pk=entry.pk).update(not_before=slot.starts_at)
    assert matching.reconcile() == 0
    WaitlistEntry.objects.filter(pk=entry.pk).update(not_before=slot.starts_at - timedelta(seconds=1))
    assert matching.reconcile() == 1


def test_a_run_of_matching_is_bounded_and_says_when_it_ended(specialty, monkeypatch):
    monkeypatch.setattr(matching, "BATCH", 1)
    for slot in lost(specialty):
        SlotRelease.objects.create(slot=slot, reason="cancelled")
    before = timezone.now()
    assert matching.match_freed() == 1
    assert SlotRelease.objects.filter(handled_at=None).count() == 1
    assert Sweep.objects.get(name=matching.SWEEP).finished_at >= before


@pytest.mark.parametrize(("named", "of_each"), [(True, 2), (False, 3)], ids=["a service", "any of the specialty"])
def test_what_a_person_waits_for_is_read_with_them(specialty, named, of_each, django_assert_num_queries):
    """Of each person the visit, the times and the services of a specialty are read: the wishes are there already."""
    service = make.service(specialty) if named else None
    make.doctor(*([service] if service else []))
    for _ in range(3):
        make.entry(specialty, service=service)
    matching.reconcile()
    with django_assert_num_queries(8 + 3 * of_each):
        matching.reconcile()

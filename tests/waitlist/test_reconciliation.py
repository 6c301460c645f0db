"""What was lost on the way to matching is found again: whoever waits although something fits them is phoned (R23)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.models import Shift, SlotRelease
from tests import factories as make
from waitlist import at_once, matching
from waitlist.models import FreedTime, SlotOffer, Sweep, WaitlistEntry

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def specialty():
    return make.specialty()


def lost(specialty, **plan):
    """Publishes two free times of one doctor of which nobody tells the waitlist."""
    slots = make.slots_of(make.shift(make.doctor(make.service(specialty)), **({"days": 2, "slots": 2} | plan)))
    SlotRelease.objects.all().delete()
    return slots


def marked():
    return set(WaitlistEntry.objects.filter(appeared_at__isnull=False).values_list("pk", flat=True))


def test_whom_a_free_time_fits_is_marked_once_and_then_phoned(specialty):
    entry = make.entry(specialty)
    free = lost(specialty)
    assert (at_once.reconcile(), marked()) == (1, {entry.pk})
    assert at_once.reconcile() == 0
    matching.match_freed()
    offer = SlotOffer.objects.get()
    assert (offer.entry, offer.slot, SlotRelease.objects.count()) == (entry, free[0], 0)


def test_nobody_waits_for_what_another_specialty_has_free(specialty):
    make.entry(make.specialty("Трихология", "трихолог"))
    lost(specialty)
    assert at_once.reconcile() == 0


def test_whoever_has_an_offer_is_left_alone(specialty):
    WaitlistEntry.objects.filter(pk=make.entry(specialty).pk).update(state="offered")
    lost(specialty)
    assert at_once.reconcile() == 0


@pytest.mark.parametrize(("published", "found"), [(-HOUR, 0), (HOUR, 1)], ids=["read out", "published since"])
def test_whoever_wanted_none_of_the_free_times_waits_for_others(specialty, published, found):
    asked = timezone.now()
    WaitlistEntry.objects.filter(pk=make.entry(specialty).pk).update(sought_until=asked)
    lost(specialty)
    Shift.objects.update(published_at=asked + published)
    assert at_once.reconcile() == found


def test_what_was_freed_since_is_found_among_what_was_read_out(specialty):
    entry = make.entry(specialty)
    free = lost(specialty)
    WaitlistEntry.objects.filter(pk=entry.pk).update(sought_until=timezone.now())
    Shift.objects.update(published_at=timezone.now() - HOUR)
    SlotRelease.objects.create(slot=free[1], reason="cancelled")
    assert at_once.reconcile() == 1


def test_what_is_looked_after_is_not_missed(specialty):
    make.entry(specialty)
    (free,) = lost(specialty, slots=1)
    FreedTime.objects.create(slot=free, starts_at=free.starts_at, look_at=timezone.now())
    assert at_once.reconcile() == 0


def test_a_long_list_is_reconciled_in_turns(specialty, monkeypatch):
    """A run goes on where the one before stopped."""
    monkeypatch.setattr(at_once, "RECONCILED", 2)
    first, second, third = sorted(make.entry(specialty).pk for _ in range(3))
    lost(specialty, slots=1)
    sweep = Sweep.objects.filter(name=at_once.RECONCILE)
    assert (at_once.reconcile(), sweep.get().position, marked()) == (2, second, {first, second})
    assert sweep.get().finished_at is not None
    assert (at_once.reconcile(), sweep.get().position, marked()) == (1, None, {first, second, third})


def test_what_comes_too_soon_for_a_patient_is_not_for_them(specialty):
    entry = make.entry(specialty, notice_minutes=4 * 24 * 60)
    lost(specialty)
    assert at_once.reconcile() == 0
    WaitlistEntry.objects.filter(pk=entry.pk).update(notice_minutes=0)
    assert at_once.reconcile() == 1


def test_what_comes_before_the_call_a_patient_asked_for_is_not_for_them(specialty):
    entry = make.entry(specialty)
    (slot,) = lost(specialty, slots=1)
    WaitlistEntry.objects.filter(pk=entry.pk).update(not_before=slot.starts_at)
    assert at_once.reconcile() == 0
    WaitlistEntry.objects.filter(pk=entry.pk).update(not_before=slot.starts_at - timedelta(seconds=1))
    assert at_once.reconcile() == 1


def test_a_run_of_matching_is_bounded_and_says_when_it_ended(specialty, monkeypatch):
    monkeypatch.setattr(matching, "BATCH", 1)
    monkeypatch.setattr("waitlist.actions.freed_times.TAKEN_IN", 1)
    for slot in lost(specialty):
        SlotRelease.objects.create(slot=slot, reason="cancelled")
    before = timezone.now()
    assert matching.match_freed() == 1
    assert SlotRelease.objects.filter(handled_at=None).count() == 1
    assert Sweep.objects.get(name=matching.SWEEP).finished_at >= before


@pytest.mark.parametrize("named", [True, False], ids=["a service", "any of the specialty"])
def test_of_each_person_what_fits_and_what_is_looked_after_is_asked(specialty, named, django_assert_num_queries):
    service = make.service(specialty) if named else None
    make.doctor(*([service] if service else []))
    at_once.reconcile()
    for _ in range(3):
        make.entry(specialty, service=service)
    for_all = 7 if named else 8
    with django_assert_num_queries(for_all + 3):
        at_once.reconcile()

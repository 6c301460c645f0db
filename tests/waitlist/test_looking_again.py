"""A freed time for which nobody may be phoned now is looked at again when that changes, and hardly before."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.changes import Changes, as_text
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from tests import factories as make
from waitlist import matching
from waitlist.actions import entries, freed_times
from waitlist.models import FreedTime, SlotOffer, WaitlistEntry
from worklist.models import Claim, PhonedNumber

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(make.moment(0, "12:00"), tick=False):
        yield timezone.now()


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def slot(specialty):
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=3, slots=1))
    slots.announce([slot], reason=ReleaseReason.CANCELLED)
    return slot


def looked_at(slot):
    """Matches, and returns when people are looked for again."""
    matching.match_freed()
    assert not SlotOffer.objects.exists()
    return FreedTime.objects.get(slot=slot).look_at


def test_while_nobody_fits_it_rests(slot, now):
    assert looked_at(slot) == now + freed_times.LOOK_AGAIN


@pytest.mark.parametrize(("minutes", "again"), [(4, 4), (40, 15)])
def test_the_first_pause_that_ends_is_its_next_moment(specialty, slot, now, minutes, again):
    for pause in (minutes, 60):
        resting(make.entry(specialty), now + pause * MINUTE)
    assert looked_at(slot) == now + again * MINUTE


def test_a_pause_counts_as_long_as_all_of_it(specialty, slot, now):
    """A number that rests and is being phoned, of a person who asked for peace until later."""
    entry = make.entry(specialty)
    resting(entry, now + 2 * MINUTE)
    Claim.objects.create(key=as_text(entry.patient.phone), by="staff:1", by_name="Оператор", until=now + 5 * MINUTE)
    WaitlistEntry.objects.update(not_before=now + 9 * MINUTE)
    assert looked_at(slot) == now + 9 * MINUTE


def test_the_pause_of_somebody_whom_it_does_not_fit_changes_nothing(specialty, slot, now):
    resting(make.entry(specialty, notice_minutes=9 * 24 * 60), now + 2 * MINUTE)
    assert looked_at(slot) == now + freed_times.LOOK_AGAIN


def test_at_the_end_of_the_pause_the_person_is_proposed(specialty, slot, now):
    resting(make.entry(specialty), now + 4 * MINUTE)
    looked_at(slot)
    with time_machine.travel(now + 4 * MINUTE, tick=False):
        matching.match_freed()
    assert SlotOffer.objects.get().slot == slot


def test_a_time_that_somebody_holds_is_looked_at_soon(specialty, slot, now):
    make.entry(specialty)
    slots.keep([slot], token=slot.pk, owner=make.TEST.ref, reason=HoldReason.DESK, until=now + 9 * MINUTE)
    assert looked_at(slot) == now + freed_times.WHILE_HELD


def test_who_joins_is_proposed_at_once(specialty, slot):
    looked_at(slot)
    entries.put_on(patient=make.patient(), wishes=make.wishes(specialty), by=make.TEST)
    matching.match_freed()
    assert SlotOffer.objects.get().slot == slot


def test_whose_wishes_change_is_proposed_at_once(specialty, slot):
    entry = make.entry(specialty, notice_minutes=9 * 24 * 60)
    looked_at(slot)
    booking.change_wishes(entry=entry.pk, changes=Changes({"notice_minutes": 0}), by=make.TEST)
    matching.match_freed()
    assert SlotOffer.objects.get().slot == slot


def test_who_joins_for_something_else_wakes_nothing(specialty, slot, now):
    looked_at(slot)
    entries.put_on(patient=make.patient(), wishes=make.wishes(make.specialty()), by=make.TEST)
    assert FreedTime.objects.get().look_at == now + freed_times.LOOK_AGAIN


def resting(entry, until):
    key = as_text(entry.patient.phone)
    PhonedNumber.objects.create(key=key, dialled_at=timezone.now(), paused_until=until)

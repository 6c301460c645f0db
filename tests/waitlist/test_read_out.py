"""Whoever was read out some times and wants none of them is not told of these again, by whichever look."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from tests import factories as make
from waitlist import at_once, matching
from waitlist.fit import that_differ
from waitlist.models import FreedTime, SlotOffer, WaitlistEntry
from waitlist.queries import why
from worklist.models import PhonedNumber

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make.there()[0]


@pytest.fixture
def specialty():
    return make.specialty()


def freed(specialty, *, days=3, number=1):
    made = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=days, slots=number))
    slots.announce(made, reason=ReleaseReason.CANCELLED)
    return made


def joined(specialty, declined, by):
    keys = [slot.pk for slot in declined]
    return booking.join_waitlist(
        patient=make.patient(), wishes=make.wishes(specialty), none_suits=True, declined=keys, by=by
    )


def looked_again():
    PhonedNumber.objects.all().delete()
    FreedTime.objects.update(look_at=timezone.now())
    matching.match_freed()
    return [offer.slot_id for offer in SlotOffer.objects.filter(state="proposed")]


def test_whoever_joins_is_not_phoned_about_the_times_that_were_read_out(specialty, operator):
    (slot,) = freed(specialty)
    matching.match_freed()
    entry = joined(specialty, [slot], operator)
    assert looked_again() == []
    assert why.reason(entry, slot=slot) == "asked"
    assert that_differ(entry) == []
    next_one = make.entry(specialty)
    assert looked_again() == [slot.pk], "it is free for whoever comes after"
    assert SlotOffer.objects.get().entry == next_one


def test_a_time_that_was_not_read_out_is_told_of(specialty, operator):
    read_out, other = freed(specialty, number=2)
    matching.match_freed()
    joined(specialty, [read_out], operator)
    assert looked_again() == [other.pk]


def test_other_wishes_are_another_question(specialty, operator):
    (slot,) = freed(specialty)
    matching.match_freed()
    entry = joined(specialty, [slot], operator)
    tomorrow = timezone.localdate() + timedelta(days=1)
    booking.change_wishes(entry=entry.pk, changes=Changes({"date_from": tomorrow}), by=operator)
    assert looked_again() == [slot.pk]


def test_a_published_month_does_not_repeat_what_was_declined(specialty, operator):
    (slot,) = freed(specialty)
    entry = joined(specialty, [slot], operator)
    WaitlistEntry.objects.update(appeared_at=timezone.now())
    assert at_once.propose_next(timezone.now()) is False
    assert not SlotOffer.objects.filter(entry=entry).exists()


def test_the_page_sends_what_it_has_read_out(specialty, client):
    keys = [slot.pk for slot in freed(specialty, number=8)]
    client.force_login(make.user(Role.OPERATOR))
    patient, asked = make.patient(), {"specialty": specialty.pk, "skip": 3}
    page = client.get(reverse("office:caller_wishes", args=[patient.pk], query=asked))
    assert page.context["read_out"] == keys[:6], "the three of before as well"
    assert all(f'name="declined" value="{key}"' in page.content.decode() for key in keys[:6])
    sent = {"none_suits": "1", "declined": [*keys[:6], "no key"], "notice": "60"}
    client.post(reverse("office:caller_join", args=[patient.pk], query=asked), sent)
    assert WaitlistEntry.objects.get().declined == keys[:6]

"""A person asks not to be phoned for some days: nobody does, and the place in line is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from scheduling.choices import Misfit
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import CallOutcome, OfferState
from waitlist.errors import EntryClosed
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import why
from worklist import queries
from worklist.choices import TaskKind

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=2)


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), days=9, slots=3))


@pytest.fixture
def entry(slots):
    return make.entry(slots[0].doctor.specialties.get())


def pause(entry, operator):
    until = timezone.localdate() + DAYS
    return booking.pause_entry(entry=entry.pk, until=until, reason="в отъезде", by=operator)


def test_nobody_phones_before_the_day_and_the_place_is_kept(slots, entry, operator):
    other = make.entry(entry.specialty)
    pause(entry, operator)
    assert why.reason(WaitlistEntry.objects.get(pk=entry.pk), slot=slots[0]) == Misfit.DECLINES
    assert matching.offer_slot(slot=slots[0].pk).entry == other, "the next in line is phoned meanwhile"
    with time_machine.travel(timezone.now() + DAYS, tick=False):
        assert matching.offer_slot(slot=slots[1].pk).entry == entry
    assert WaitlistEntry.objects.get(pk=entry.pk).arrived_at == entry.arrived_at


def test_a_proposal_that_nobody_has_taken_ends(slots, entry, operator):
    matching.offer_slot(slot=slots[0].pk)
    pause(entry, operator)
    assert SlotOffer.objects.get().state == OfferState.WITHDRAWN
    assert not queries.due(kinds=[TaskKind.FREED_TIME]).exists()


def test_a_call_that_is_made_and_one_that_was_promised_go_on(slots, entry, operator):
    offer = matching.offer_slot(slot=slots[0].pk)
    phoning.claim(offer=offer.pk, by=operator)
    pause(entry, operator)
    assert SlotOffer.objects.get().state == OfferState.OPEN
    at = timezone.now() + timedelta(hours=1)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.CALL_BACK, call_back_at=at, by=operator)
    pause(entry, operator)
    assert SlotOffer.objects.filter(state=OfferState.PROMISED).exists()


def test_changed_wishes_leave_it_and_a_step_ends_it(slots, entry, operator):
    pause(entry, operator)
    booking.change_wishes(entry=entry.pk, changes=Changes({"note": "можно и вечером"}), by=operator)
    assert matching.offer_slot(slot=slots[0].pk) is None
    for _press in range(2):
        ended = booking.end_pause(entry=entry.pk, by=operator)
    assert (ended.rests_until <= timezone.now(), ended.rest_reason) == (True, "")
    assert matching.offer_slot(slot=slots[0].pk)


def test_whoever_waits_no_longer_cannot_pause(entry, operator):
    booking.remove_entry(entry=entry.pk, reason="передумала", by=operator)
    with pytest.raises(EntryClosed):
        pause(entry, operator)


def test_the_page_pauses_and_ends_it(sign_in, entry):
    office, at = sign_in(Role.OPERATOR), f"/office/waitlist/{entry.pk}/"
    page = office.post(f"{at}pause/", {"pause-until": "вчера", "pause-reason": "в отъезде"})
    assert (page.status_code, "в отъезде" in page.content.decode()) == (422, True), "nothing typed is lost"
    day = timezone.localdate() + DAYS
    office.post(f"{at}pause/", {"pause-until": f"{day:%d.%m.%Y}", "pause-reason": "в отъезде"})
    page = office.get(at).content.decode()
    assert "Не беспокоим до" in page
    assert "в отъезде" in page
    office.post(f"{at}pause/", {"end": "1"})
    assert "Не беспокоим до" not in office.get(at).content.decode()

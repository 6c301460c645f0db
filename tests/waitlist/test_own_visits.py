"""Nobody is told of a time at which they have a visit, whatever it is for: they could not say yes to it."""

import pytest

import booking
from foundation.accounts.choices import Role
from tests import factories as make
from tests import phoning
from waitlist import at_once, matching
from waitlist.choices import OfferState
from waitlist.fit import nearest_fits, nearest_fits_after_call, nearest_of_use, to_choose_from
from waitlist.models import SlotOffer, WaitlistEntry

pytestmark = pytest.mark.django_db

BUSY = "09:40"
"""An hour of half a visit to another doctor: it meets the second half hour of the morning and the third."""


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def entry():
    return make.entry(make.specialty())


@pytest.fixture
def morning(entry):
    """Returns four free half hours, from nine o'clock on."""
    return make.slots_of(make.shift(make.doctor(make.service(entry.specialty)), days=3, starts="09:00", slots=4))


def elsewhere(patient, *, starts=BUSY):
    other = make.service(make.specialty("ЛОР", "лор"))
    return make.appointment(make.slots_of(make.shift(make.doctor(other), days=3, starts=starts))[0], of=patient)


def found_for(patient, entry):
    wishes = make.wishes(entry.specialty)
    return [
        [fit.slot.pk for fit in fits]
        for fits in (
            nearest_fits(wishes, patient=patient, limit=9),
            nearest_of_use(wishes, patient=patient, limit=9),
            nearest_fits_after_call(entry, limit=9),
        )
    ]


def test_hours_of_another_visit_are_not_read_out(entry, morning):
    keys = [slot.pk for slot in morning]
    assert found_for(entry.patient, entry) == 3 * [keys], "the control: they have no visit yet"
    elsewhere(entry.patient)
    elsewhere(make.patient(), starts="11:00")
    assert found_for(entry.patient, entry) == 3 * [[keys[0], keys[3]]]


@pytest.mark.parametrize(("starts", "left"), [("08:30", 4), ("11:00", 4), ("08:40", 3), ("10:40", 3)])
def test_one_visit_may_begin_when_another_ends(entry, morning, starts, left):
    elsewhere(entry.patient, starts=starts)
    assert [len(found) for found in found_for(entry.patient, entry)] == 3 * [left]


def test_a_visit_that_does_not_take_place_keeps_nobody_busy(entry, morning):
    booking.cancel(appointment=elsewhere(entry.patient).pk, reason="patient", by=make.TEST)
    assert [len(found) for found in found_for(entry.patient, entry)] == 3 * [4]


def test_a_longer_service_is_busy_for_the_whole_of_it(entry):
    service = make.service(entry.specialty, minutes=60)
    slots = make.slots_of(make.shift(make.doctor(service), days=3, starts="08:00", slots=6))
    elsewhere(entry.patient, starts="09:30")
    wishes = make.wishes(entry.specialty, service=service)
    found = [fit.slot.pk for fit in nearest_fits(wishes, patient=entry.patient, limit=9)]
    assert found == [slots[0].pk, slots[1].pk, slots[4].pk]


def test_times_beside_the_offered_one_are_free_of_visits(entry, morning, operator):
    elsewhere(entry.patient)
    offer = matching.offer_slot(slot=morning[0].pk)
    phoning.claim_next(by=operator)
    assert [fit.slot.pk for fit in to_choose_from(offer, patient=entry.patient)] == [morning[3].pk]


def test_an_offered_time_at_which_a_visit_was_booked_since_is_replaced(entry, morning, operator):
    matching.offer_slot(slot=morning[1].pk)
    elsewhere(entry.patient)
    offer = phoning.claim_next(by=operator)
    assert (offer.slot, offer.state) == (morning[0], OfferState.OPEN)
    assert booking.from_offer(offer=offer.pk, by=operator).starts_at == morning[0].starts_at


def test_nobody_is_phoned_about_the_only_time_when_they_are_busy_then(entry, operator):
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(entry.specialty)), days=3, starts=BUSY, slots=1))
    matching.offer_slot(slot=slot.pk)
    elsewhere(entry.patient)
    assert phoning.claim_next(by=operator) is None
    assert SlotOffer.objects.get().state == OfferState.WITHDRAWN
    assert WaitlistEntry.objects.get().state == "waiting"


def test_a_published_month_is_told_of_hours_that_are_free_of_visits(entry, morning):
    visit = elsewhere(entry.patient, starts="09:00")
    at_once.note_appeared({entry.specialty_id: morning[0].starts_at})
    assert at_once.propose_next(visit.created_at)
    assert SlotOffer.objects.get().slot == morning[1]


def test_a_published_month_tells_nobody_of_hours_of_their_visit(entry):
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(entry.specialty)), days=3, starts=BUSY, slots=1))
    elsewhere(entry.patient)
    assert at_once.note_appeared({entry.specialty_id: slot.starts_at}) == 0

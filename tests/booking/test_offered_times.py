"""The time of an offer is for whoever is phoned about it: its token opens it for no other door."""

from functools import partial

import pytest

import booking
from foundation.accounts.choices import Role
from scheduling.errors import SlotTaken
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.models import SlotOffer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    """The offer of the second time of a shift whose first one is booked."""
    specialty = make.specialty()
    first, second = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=3, slots=2))
    make.appointment(first)
    make.entry(specialty)
    matching.offer_slot(slot=second.pk)
    return SlotOffer.objects.select_related("slot__doctor").get()


@pytest.fixture
def operator(offer):
    """Phones about it."""
    operator = make.actor(Role.OPERATOR)
    phoning.claim(offer=offer.pk, by=operator)
    return operator


def at_desk(offer):
    return make.appointment(offer.slot, of=make.patient(), hold=offer.pk)


def by_phone(offer):
    agreed = {"service": offer.slot.doctor.services.get(), "patient": make.patient(), "by": make.TEST}
    return booking.by_phone(slot=offer.slot_id, hold=offer.pk, **agreed)


def move(offer):
    visit = offer.slot.doctor.appointments.get()
    return booking.move(appointment=visit.pk, to_slot=offer.slot_id, hold=offer.pk, by=make.TEST)


@pytest.mark.parametrize("book", [at_desk, by_phone, move], ids=lambda book: book.__name__)
def test_no_other_door_opens_it(offer, operator, book):
    with pytest.raises(SlotTaken):
        book(offer)
    offer.slot.refresh_from_db()
    assert (offer.slot.hold_token, offer.slot.appointment_id) == (offer.pk, None)


@pytest.mark.parametrize("book", [at_desk, by_phone, move], ids=lambda book: book.__name__)
def test_before_the_call_it_is_as_free_as_any(offer, book):
    assert book(offer)
    offer.slot.refresh_from_db()
    assert offer.slot.appointment_id


@pytest.mark.parametrize("from_list", [False, True])
def test_the_call_about_it_does(offer, operator, from_list):
    """The control: the same time and the same token."""
    of_entry = partial(
        booking.from_entry, entry=offer.entry_id, slot=offer.slot_id, service=offer.slot.doctor.services.get()
    )
    visit = of_entry(by=operator) if from_list else booking.from_offer(offer=offer.pk, by=operator)
    offer.slot.refresh_from_db()
    assert (offer.slot.hold_token, offer.slot.appointment_id) == (None, visit.pk)

"""T07: a booking is confirmed at the moment its hold lapses: booked once, or refused cleanly, on every road."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

import booking
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Role
from patients.models import Patient
from scheduling.actions import slots
from scheduling.choices import HoldReason
from scheduling.errors import SlotTaken
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests import phoning
from tests.races.harness import run_at_once
from waitlist import matching
from waitlist.actions import offers
from waitlist.errors import OfferGone
from waitlist.models import SlotOffer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def at_desk(slot: Slot, by: Actor, hold) -> Appointment:
    return make.appointment(slot, of=make.patient(), hold=hold, by=by)


def by_phone(slot: Slot, by: Actor, hold) -> Appointment:
    service = slot.doctor.services.get()
    return booking.by_phone(slot=slot.pk, service=service, patient=make.patient(), hold=hold, by=by)


def on_site(slot: Slot, by: Actor, hold) -> Appointment:
    return booking.on_site(
        slot=slot.pk,
        service=slot.doctor.services.get().pk,
        person=make.person(),
        consent_text="Согласен",
        key=str(uuid4()),
        code=None,
        hold=hold,
        by=by,
    )


def moved(slot: Slot, by: Actor, hold) -> Appointment:
    elsewhere = make.slots_of(make.shift(make.doctor(slot.doctor.services.get()), days=9, slots=1))[0]
    visit = make.appointment(elsewhere)
    return booking.move(appointment=visit.pk, to_slot=slot.pk, hold=hold, by=by)


def held(slot: Slot, by: Actor):
    """Returns the token of a hold whose time is up in this moment."""
    token = booking.hold(slot=slot.pk, service=slot.doctor.services.get(), reason=HoldReason.DESK, by=by)
    Slot.objects.filter(pk=slot.pk).update(held_until=timezone.now())
    return token


@pytest.mark.parametrize("road", [at_desk, by_phone, on_site, moved])
def test_t07_a_time_whose_hold_lapses_is_booked_once(road):
    """Whoever held it, a stranger who wants it and the sweep come at the same moment."""
    first, stranger = make.actor(), make.actor()
    for slot in make.slots_of(make.shift(make.doctor(), slots=ROUNDS)):
        mine = partial(road, slot, first, held(slot, first))
        theirs = partial(road, slot, stranger, None)
        result = run_at_once([mine, theirs, slots.release_lapsed])
        made = [value for value in result.values if isinstance(value, Appointment)]
        assert len(made) == 1
        assert {type(error) for error in result.refusals} <= set(refusals_of(SlotTaken))
        slot.refresh_from_db()
        assert (slot.appointment_id, slot.hold_token) == (made[0].pk, None)


def offered(slot: Slot, by: Actor, *, to: Patient) -> SlotOffer:
    """Returns the offer of a call that is under way and whose time is up in this moment."""
    make.entry(slot.doctor.specialties.get(), who=to)
    matching.offer_slot(slot=slot.pk)
    offer = phoning.claim(offer=SlotOffer.objects.get(slot=slot.pk).pk, by=by)
    Slot.objects.filter(pk=slot.pk).update(held_until=timezone.now())
    SlotOffer.objects.filter(pk=offer.pk).update(expires_at=timezone.now())
    return offer


def test_t07_a_time_whose_offer_lapses_is_booked_once():
    """The operator hears «да» as somebody else wants the time and the sweep returns it."""
    for number in range(ROUNDS):
        slot = make.slots_of(make.shift(make.doctor(), slots=1))[0]
        operator, waiting = make.actor(Role.OPERATOR), make.patient(phone=f"+792100000{number:02}")
        yes = partial(booking.from_offer, offer=offered(slot, operator, to=waiting).pk, by=operator)
        result = run_at_once([yes, partial(by_phone, slot, make.actor(), None), offers.return_lapsed])
        made = [value for value in result.values if isinstance(value, Appointment)]
        assert len(made) == 1
        assert {type(error) for error in result.refusals} <= {OfferGone, *refusals_of(SlotTaken)}
        slot.refresh_from_db()
        assert (slot.appointment_id, slot.hold_token) == (made[0].pk, None)


def refusals_of(error: type[Exception]) -> list[type[Exception]]:
    return [error, *error.__subclasses__()]


def test_control_a_hold_that_has_time_left_keeps_the_stranger_out():
    first, stranger = make.actor(), make.actor()
    slot = make.slots_of(make.shift(make.doctor(), slots=1))[0]
    token = held(slot, first)
    Slot.objects.filter(pk=slot.pk).update(held_until=timezone.now() + timedelta(minutes=5))
    result = run_at_once([partial(by_phone, slot, stranger, None)] * 3)
    assert (result.values, result.refused_with()) == ([], {SlotTaken})
    assert by_phone(slot, first, token).starts_at == slot.starts_at

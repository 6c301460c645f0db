"""A booking at the desk meets the operator who phones the same patient about an offer (W22)."""

from functools import partial

import pytest

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests import phoning
from tests.races.harness import run_at_once
from waitlist import matching
from waitlist.choices import UNANSWERED, EntryState
from waitlist.errors import EntryClosed
from waitlist.models import SlotOffer, WaitlistEntry

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TIMES = 8


def test_the_wish_is_ended_once_and_the_loser_hears_of_it():
    service, operator = make.service(), make.actor(Role.OPERATOR)
    kept = make.slots_of(make.shift(make.doctor(service), days=2, slots=TIMES))
    elsewhere = make.slots_of(make.shift(make.doctor(service), days=4, slots=TIMES))
    lost = 0
    for ours, theirs in zip(kept, elsewhere, strict=True):
        entry = make.entry(service.specialty)
        offer = phoning.claim(offer=matching.offer_slot(slot=ours.pk).pk, by=operator)
        by_phone = partial(booking.from_offer, offer=offer.pk, by=operator)
        result = run_at_once([partial(make.appointment, theirs, of=entry.patient), by_phone])
        assert (result.deadlocks, result.refused_with() <= {EntryClosed}) == (0, True)
        ended = WaitlistEntry.objects.get(pk=entry.pk)
        first = Appointment.objects.filter(patient=entry.patient).earliest("created_at")
        assert (ended.state, len(result.values)) == (EntryState.BOOKED, 2 - len(result.refusals))
        assert AuditEvent.objects.filter(action="waitlist.booked", object_ref=str(entry.pk)).count() == 1
        if result.refusals:
            assert ended.appointment_id == first.pk
            lost += 1
    assert not SlotOffer.objects.filter(state__in=UNANSWERED).exists()
    assert not Slot.objects.filter(hold_reason="offer").exists()

"""T05: one appointment cancelled from many screens at once."""

from functools import partial

import pytest

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from notifications.models import Message
from scheduling.choices import CancelReason
from scheduling.errors import AlreadyInThatState
from scheduling.models import AppointmentEvent, Slot, SlotRelease
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_50_cancels_free_the_time_once():
    service = make.service(minutes=60)
    slot = make.slots_of(make.shift(make.doctor(service)))[0]
    booked = make.appointment(slot)
    people = [make.actor(Role.REGISTRAR), make.actor(Role.OPERATOR), site_visitor(session="link")]
    cancel = partial(booking.cancel, appointment=booked.pk, reason=CancelReason.PATIENT)
    result = run_at_once([partial(cancel, by=people[number % 3]) for number in range(50)])
    assert len({made.cancelled_by for made in result.values}) == 1, "only who did it is told that it is done"
    assert len(result.values) in (16, 17)
    assert result.refused_with() == {AlreadyInThatState}
    assert AppointmentEvent.objects.filter(kind="cancelled").count() == 1
    assert Message.objects.filter(template="cancelled").count() == 1
    assert SlotRelease.objects.count() == SlotRelease.objects.values("slot").distinct().count() == 2
    assert not Slot.objects.exclude(appointment=None).exists()


def test_a_freed_time_goes_to_one_person_while_it_is_still_being_cancelled():
    slots = make.slots_of(make.shift(make.doctor(), slots=6))
    booked = make.appointment(slots[0])
    patients = [make.patient() for _ in range(16)]
    cancels = [partial(booking.cancel, appointment=booked.pk, reason=CancelReason.PATIENT, by=make.TEST)] * 16
    books = [partial(make.appointment, slots[0], of=who) for who in patients]
    result = run_at_once([client for pair in zip(cancels, books, strict=True) for client in pair])
    active = Slot.objects.get(pk=slots[0].pk).appointment_id
    new = {made.pk for made in result.values} - {booked.pk}
    assert new <= {active}
    assert len(new) == (active is not None)

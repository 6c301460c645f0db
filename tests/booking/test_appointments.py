"""A visit that is booked, moved, cancelled, and what follows from it."""

import pytest

import booking
from notifications.models import Message
from patients.choices import Channel
from scheduling.choices import AppointmentStatus, CancelReason, ReleaseReason
from scheduling.errors import (
    AgeNotServed,
    FollowUpNotOnSite,
    IdempotencyConflict,
    NoEarlierVisit,
    SlotTaken,
)
from scheduling.models import AppointmentEvent, Slot, SlotRelease
from tests import factories as make
from tests.booking import any_channel
from tests.messages import text_of

pytestmark = pytest.mark.django_db


def test_booking_writes_slot_event_and_message():
    shift = make.shift(make.doctor())
    slot = make.slots_of(shift)[1]
    booked = make.appointment(slot)
    slot.refresh_from_db()
    assert slot.appointment_id == booked.pk
    assert list(AppointmentEvent.objects.values_list("kind", "to_status")) == [("booked", "booked")]
    text = text_of("booked")
    for fact in ("Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7", "09:30"):
        assert fact in text


def test_a_taken_slot_is_refused_with_three_alternatives():
    shift = make.shift(make.doctor(), slots=6)
    slots = make.slots_of(shift)
    make.appointment(slots[0])
    with pytest.raises(SlotTaken) as refused:
        make.appointment(slots[0])
    assert [slot.pk for slot in refused.value.alternatives] == [slot.pk for slot in slots[1:4]]


def test_a_long_service_takes_consecutive_slots():
    service = make.service(minutes=75)
    slots = make.slots_of(make.shift(make.doctor(service), slots=4))
    booked = make.appointment(slots[1])
    assert set(booked.slots.values_list("pk", flat=True)) == {slot.pk for slot in slots[1:4]}


def test_the_same_request_again_returns_the_same_appointment():
    slots = make.slots_of(make.shift(make.doctor()))
    who = make.patient()
    first = make.appointment(slots[0], of=who, key="k1")
    assert make.appointment(slots[0], of=who, key="k1") == first
    with pytest.raises(IdempotencyConflict):
        make.appointment(slots[1], of=who, key="k1")
    assert Message.objects.count() == 1


def test_cancelling_frees_the_slot_once():
    booked = make.appointment()
    for _ in range(2):
        booking.cancel(appointment=booked.pk, reason=CancelReason.PATIENT, by=make.TEST)
    booked.refresh_from_db()
    assert booked.status == AppointmentStatus.CANCELLED
    assert list(SlotRelease.objects.values_list("reason", flat=True)) == [ReleaseReason.CANCELLED]
    assert Message.objects.filter(template="cancelled").count() == 1
    assert not Slot.objects.filter(appointment=booked).exists()


def test_moving_keeps_the_row_and_frees_the_old_slot():
    slots = make.slots_of(make.shift(make.doctor()))
    booked = make.appointment(slots[0])
    moved = booking.move(appointment=booked.pk, to_slot=slots[2].pk, by=make.TEST)
    assert (moved.pk, moved.starts_at) == (booked.pk, slots[2].starts_at)
    assert list(Slot.objects.filter(appointment=booked)) == [slots[2]]
    assert list(SlotRelease.objects.values_list("slot", "reason")) == [(slots[0].pk, ReleaseReason.MOVED)]


def test_moving_by_one_slot_keeps_the_shared_one():
    service = make.service(minutes=60)
    slots = make.slots_of(make.shift(make.doctor(service), slots=4))
    booked = make.appointment(slots[0])
    booking.move(appointment=booked.pk, to_slot=slots[1].pk, by=make.TEST)
    assert set(Slot.objects.filter(appointment=booked)) == {slots[1], slots[2]}
    assert list(SlotRelease.objects.values_list("slot", flat=True)) == [slots[0].pk]


def test_t86_a_follow_up_is_refused_on_the_site():
    done = make.appointment()
    slot = make.slots_of(make.shift(done.doctor, days=2))[0]
    with pytest.raises(FollowUpNotOnSite):
        any_channel.book(Channel.SITE, slot, of=done.patient, follow_up_of=done)


def test_a_follow_up_needs_a_completed_visit():
    booked = make.appointment()
    with pytest.raises(NoEarlierVisit):
        make.appointment(
            make.slots_of(make.shift(booked.doctor, days=2))[0],
            of=booked.patient,
            follow_up_of=booked,
        )


def test_a_move_to_a_doctor_who_does_not_see_this_age_is_refused():
    booked = make.appointment()
    for_children = make.doctor(booked.service, max_age=17)
    slot = make.slots_of(make.shift(for_children, days=2))[0]
    with pytest.raises(AgeNotServed):
        booking.move(appointment=booked.pk, to_slot=slot.pk, by=make.TEST)


def test_a_message_goes_to_the_number_in_e164():
    make.appointment(of=make.patient(phone="+79210001122"))
    assert Message.objects.get(template="booked").address == "+79210001122"

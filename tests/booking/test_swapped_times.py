"""W11: whoever accepts an earlier time gives up the later one: one visit, which is moved."""

from datetime import timedelta

import pytest
import time_machine

import booking
from foundation.accounts.choices import Role
from notifications.models import Message
from scheduling.choices import CancelReason
from scheduling.errors import AlreadyBooked
from scheduling.models import Appointment, SlotRelease
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import UNANSWERED, EntryState
from waitlist.models import CallAttempt, SlotOffer

pytestmark = pytest.mark.django_db

DAY = 9
"""The visit is so many days ahead."""


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def visit(service):
    return make.appointment(free(service, DAY))


@pytest.fixture
def entry(visit):
    return make.entry(visit.service.specialty, who=visit.patient)


def free(service, days):
    return make.slots_of(make.shift(make.doctor(service), days=days, slots=1))[0]


def called_about(slot, operator):
    offer = matching.offer_slot(slot=slot.pk)
    return phoning.claim(offer=offer.pk, by=operator)


def by_offer(entry, slot, operator, **asked):
    return booking.from_offer(offer=called_about(slot, operator).pk, by=operator, **asked)


def by_entry(entry, slot, operator, **asked):
    service = slot.doctor.services.get()
    return booking.from_entry(entry=entry.pk, slot=slot.pk, service=service, by=operator, **asked)


YES = pytest.mark.parametrize("accept", [by_offer, by_entry])


@YES
def test_the_visit_is_moved_and_no_second_one_is_made(service, visit, entry, operator, accept):
    earlier, left = free(service, 3), visit.slots.get()
    swapped = accept(entry, earlier, operator, unless_booked=True)
    assert (swapped.pk, swapped.starts_at) == (visit.pk, earlier.starts_at)
    assert Appointment.objects.count() == 1
    earlier.refresh_from_db()
    left.refresh_from_db()
    assert (earlier.appointment_id, earlier.hold_token, left.appointment_id) == (visit.pk, None, None)
    entry.refresh_from_db()
    assert (entry.state, entry.appointment_id) == (EntryState.BOOKED, visit.pk)
    assert not SlotOffer.objects.filter(state__in=UNANSWERED).exists()
    assert CallAttempt.objects.get().outcome == "booked"


@YES
def test_the_old_time_goes_round(service, visit, entry, operator, accept):
    left = visit.slots.get()
    accept(entry, free(service, 3), operator)
    assert SlotRelease.objects.filter(slot=left, reason="moved", handled_at=None).count() == 1


@YES
def test_the_patient_is_told_once(service, visit, entry, operator, accept):
    before = set(Message.objects.values_list("pk", flat=True))
    accept(entry, free(service, 3), operator)
    told = Message.objects.exclude(pk__in=before).values_list("template", flat=True)
    assert list(told) == ["moved"]


@YES
def test_the_same_form_again_is_the_same_yes(service, visit, entry, operator, accept):
    slot = free(service, 3)
    offer = called_about(slot, operator)

    def press():
        if accept is by_offer:
            return booking.from_offer(offer=offer.pk, by=operator, key="k")
        return by_entry(entry, slot, operator, key="k")

    assert press() == press() == visit
    assert CallAttempt.objects.count() == 1


def test_the_visit_for_which_they_wait_is_given_up(service, visit, entry, operator):
    sooner = make.appointment(free(service, DAY - 2), of=visit.patient)
    again = make.entry(service.specialty, who=visit.patient)
    type(again).objects.filter(pk=again.pk).update(earlier_than=visit)
    assert by_entry(again, free(service, 3), operator).pk == visit.pk
    sooner.refresh_from_db()
    assert sooner.starts_at > make.moment(DAY - 3)


def test_a_later_time_is_one_more_visit_which_is_asked_about(service, visit, entry, operator):
    later = free(service, DAY + 2)
    with pytest.raises(AlreadyBooked):
        by_entry(entry, later, operator, unless_booked=True)
    assert by_entry(entry, later, operator).pk != visit.pk


@YES
def test_without_a_visit_a_new_one_is_made(service, visit, entry, operator, accept):
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=operator)
    assert accept(entry, free(service, 3), operator).pk != visit.pk


@YES
def test_the_first_appointment_with_another_doctor_is_the_same_thing(service, visit, entry, operator, accept):
    senior = make.service(service.specialty, name="Приём дерматолога, к.м.н.", minutes=45, price=3500)
    earlier = make.slots_of(make.shift(make.doctor(senior), days=3, slots=1, minutes=45))[0]
    before = visit.price
    swapped = accept(entry, earlier, operator)
    assert (swapped.pk, swapped.service, swapped.price, before != swapped.price) == (visit.pk, senior, 3500, True)
    assert swapped.ends_at - swapped.starts_at == timedelta(minutes=45)
    assert Appointment.objects.count() == 1
    assert swapped.events.latest("id").details["from_service"] == str(service.pk)


def test_the_way_back_leads_to_the_service_of_before(service, visit, entry, operator, settings):
    settings.UNDO_SECONDS = 10
    senior = make.service(service.specialty, name="Приём дерматолога, к.м.н.", price=3500)
    by_entry(entry, free(senior, 3), operator)
    back = booking.undo(appointment=visit.pk, step="moved", by=operator)
    back.refresh_from_db()
    assert (back.service, back.price, back.starts_at) == (service, visit.price, visit.starts_at)


@YES
def test_a_procedure_is_not_given_up_for_a_first_appointment(service, visit, operator, accept):
    laser = make.service(service.specialty, name="Лазер", order=9)
    slot = make.slots_of(make.shift(make.doctor(service, laser), days=DAY, starts="15:00", slots=1))[0]
    procedure = make.appointment(slot, service=laser)
    entry = make.entry(service.specialty, who=procedure.patient)
    assert accept(entry, free(service, 3), operator).pk != procedure.pk
    procedure.refresh_from_db()
    assert (procedure.status, procedure.service) == ("booked", laser)


@pytest.mark.parametrize("own", [True, False], ids=["of its own doctor", "of another doctor"])
def test_a_follow_up_is_given_up_for_a_time_of_its_doctor_alone(service, operator, own):
    doctor = make.doctor(service)
    with time_machine.travel(make.moment(0, "07:00")):
        first = make.seen(make.appointment(make.slots_of(make.shift(doctor, days=0, starts="08:00", slots=1))[0]))
    follow_up = make.follow_up(make.slots_of(make.shift(doctor, days=DAY, slots=1))[0], of=first)
    entry = make.entry(service.specialty, who=first.patient)
    giver = doctor if own else make.doctor(service)
    earlier = make.slots_of(make.shift(giver, days=3, slots=1))[0]
    assert (by_entry(entry, earlier, operator).pk == follow_up.pk) == own


def test_a_visit_for_another_service_stands(service, visit, operator):
    laser = make.service(service.specialty, name="Лазер")
    slot = free(laser, 3)
    waits = make.entry(service.specialty, who=visit.patient, service=laser)
    assert by_entry(waits, slot, operator).pk != visit.pk
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at > slot.starts_at) == ("booked", True)


def test_a_wish_for_an_earlier_time_outlives_a_later_visit(service, visit, entry):
    type(entry).objects.filter(pk=entry.pk).update(earlier_than=visit)
    make.appointment(free(service, DAY + 5), of=visit.patient)
    entry.refresh_from_db()
    assert entry.state == EntryState.WAITING
    make.appointment(free(service, DAY - 5), of=visit.patient)
    entry.refresh_from_db()
    assert entry.state == EntryState.BOOKED


def test_a_reminder_they_agree_to_is_of_the_moved_visit(service, visit, entry, operator):
    assert by_entry(entry, free(service, 3), operator, remind=True).reminders_since

"""Steps of a visit, and which people may repeat them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from patients.choices import Channel
from scheduling.choices import AppointmentStatus, Urgency
from scheduling.errors import AlreadyInThatState, FirstVisitNotByDoctor, NotReceived, StepNotAllowed
from scheduling.models import Appointment, EmergencyCase
from tests import factories as make
from tests.booking import any_channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked():
    return make.appointment()


@pytest.fixture
def its_day(booked):
    """The hour of the visit has come."""
    with time_machine.travel(booked.starts_at):
        yield


def begun(visit):
    """A booked visit whose time has come."""
    now = timezone.now()
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=now - timedelta(minutes=10), ends_at=now + timedelta(minutes=20)
    )


def test_a_visit_from_arrival_to_its_end(booked, its_day):
    for step, status in (
        (booking.check_in, AppointmentStatus.ARRIVED),
        (booking.start, AppointmentStatus.CHECKED_IN),
        (booking.finish, AppointmentStatus.FULFILLED),
    ):
        assert step(appointment=booked.pk, by=make.TEST).status == status
    kinds = list(booked.events.values_list("kind", flat=True))
    assert kinds == ["booked", "arrived", "started", "finished"]


def test_d18_a_busy_doctor_finishes_in_one_step_once_the_patient_is_here(booked, its_day):
    with pytest.raises(NotReceived):
        booking.finish(appointment=booked.pk, by=make.TEST)
    booking.check_in(appointment=booked.pk, by=make.TEST)
    done = booking.finish(appointment=booked.pk, by=make.TEST)
    assert done.status == AppointmentStatus.FULFILLED
    assert None not in (done.started_at, done.finished_at)


def test_the_same_step_again_by_the_same_person_changes_nothing(booked, its_day):
    booking.check_in(appointment=booked.pk, by=make.TEST)
    booking.check_in(appointment=booked.pk, by=make.TEST)
    assert booked.events.filter(kind="arrived").count() == 1
    with pytest.raises(AlreadyInThatState):
        booking.check_in(appointment=booked.pk, by=make.actor())


def test_r13_told_once_by_whom_and_when(booked):
    by = make.actor()
    booking.mark_informed(appointment=booked.pk, by=by)
    booking.mark_informed(appointment=booked.pk, by=make.TEST)
    booked.refresh_from_db()
    assert booked.informed_by == by.ref


def test_a_moved_visit_has_to_be_told_anew(booked):
    booking.mark_informed(appointment=booked.pk, by=make.TEST)
    free = make.slots_of(booked.slots.get().shift)[2]
    assert booking.move(appointment=booked.pk, to_slot=free.pk, by=make.TEST).informed_at is None


def test_nobody_is_a_no_show_before_the_time(booked):
    with pytest.raises(StepNotAllowed):
        booking.mark_noshow(appointment=booked.pk, by=make.TEST)
    begun(booked)
    assert booking.mark_noshow(appointment=booked.pk, by=make.TEST).status == AppointmentStatus.NOSHOW
    assert booking.check_in(appointment=booked.pk, by=make.TEST).status == AppointmentStatus.ARRIVED


def test_a_finished_visit_is_not_cancelled(booked):
    make.seen(booked)
    with pytest.raises(StepNotAllowed):
        booking.cancel(appointment=booked.pk, reason="patient", by=make.TEST)


def test_r18_the_doctor_books_a_follow_up_and_nothing_else(booked):
    done = make.seen(booked)
    slot = make.slots_of(make.shift(booked.doctor, days=14))[0]
    with pytest.raises(FirstVisitNotByDoctor):
        any_channel.book(Channel.DOCTOR, slot, of=booked.patient)
    follow_up = make.follow_up(slot, of=done)
    assert (follow_up.follow_up_of, follow_up.channel) == (done, Channel.DOCTOR)


def test_t87_an_emergency_needs_nothing_and_has_its_ambulance_call():
    by = make.actor(Role.DOCTOR)
    case = booking.open_emergency(by=by)
    assert (case.ambulance_number, case.ambulance_called_by, case.ambulance_called_at) == (
        "103",
        by.name,
        case.opened_at,
    )
    booking.describe_emergency(case=case.pk, closes=True, by=by)
    assert EmergencyCase.objects.get().closed_by == by.ref


def test_r19_an_urgent_consultation_calls_no_ambulance():
    assert booking.open_emergency(by=make.actor(), urgency=Urgency.URGENT).ambulance_called_at is None


def test_overbooking_wants_its_permission_and_a_reason(booked):
    case = {
        "patient": make.patient(),
        "service": booked.service,
        "doctor": booked.doctor,
        "room": booked.room,
        "starts_at": booked.starts_at,
        "channel": Channel.REGISTRY,
        "seen": [make.PASSPORT],
    }
    with pytest.raises(StepNotAllowed):
        booking.overbook(**case, reason="срочно", by=make.actor(Role.OPERATOR))
    over = booking.overbook(**case, reason="срочно", by=make.actor(Role.REGISTRAR))
    assert (over.overbooked, over.slots.count()) == (True, 0)

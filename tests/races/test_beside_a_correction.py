"""A visit that is written beside a correction: its gate read what was there before, and it is committed after it."""

import threading
from functools import partial

import pytest
from django.db import transaction

import booking
from scheduling.models import Doctor, Service
from tests import factories as make
from tests.races.harness import run_at_once
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), days=2, slots=3))


@transaction.atomic
def grow_older(doctor):
    Doctor.objects.filter(pk=doctor.pk).update(min_age=100)
    return booking.recheck_doctor(doctor=doctor, by=make.TEST)


@transaction.atomic
def take_longer(doctor):
    Service.objects.filter(doctors=doctor).update(minutes=60)
    return booking.recheck_service(service=doctor.services.get(), by=make.TEST)


def beside(correction, write):
    """Corrects while a visit is written but not committed. Returns what the correction found, and the visit."""
    written, corrected = threading.Event(), threading.Event()

    @transaction.atomic
    def write_slowly():
        visit = write()
        written.set()
        assert corrected.wait(30)
        return visit

    def correct():
        assert written.wait(30)
        try:
            return correction()
        finally:
            corrected.set()

    found, visit = sorted(run_at_once([write_slowly, correct]).values, key=lambda value: not isinstance(value, list))
    return found, visit


def open_tasks():
    return list(Task.objects.filter(kind=TaskKind.REBOOK, state="open").values_list("subject", flat=True))


@pytest.mark.parametrize("correction", [grow_older, take_longer])
def test_a_booking_is_judged_by_the_next_reconciliation(slots, correction):
    """The first assertion is the control: the correction itself cannot know of the visit."""
    found, visit = beside(partial(correction, slots[0].doctor), partial(make.appointment, slots[0], of=make.patient()))
    assert (found, open_tasks()) == ([], [])
    booking.reconcile_openness()
    booking.reconcile_openness()
    assert open_tasks() == [visit.pk]


def test_so_is_a_move_to_the_doctor_who_is_corrected(slots):
    """The visit was booked long ago, so that it is the move that is noticed."""
    other = make.slots_of(make.shift(make.doctor(slots[0].doctor.services.get()), days=3, slots=1))[0]
    visit = make.appointment(other)
    type(visit).objects.update(created_at=make.moment(-9))
    move = partial(booking.move, appointment=visit.pk, to_slot=slots[0].pk, by=make.TEST)
    found, moved = beside(partial(grow_older, slots[0].doctor), move)
    assert (found, open_tasks(), moved.doctor_id) == ([], [], slots[0].doctor_id)
    booking.reconcile_openness()
    booking.reconcile_openness()
    assert open_tasks() == [visit.pk]

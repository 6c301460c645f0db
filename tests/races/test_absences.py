"""An absence against everybody who takes or makes times at the same moment (T90, D05)."""

import threading
import time
from functools import partial

import pytest
from django.db import transaction

import booking
from foundation.clock import day_bounds
from scheduling.actions import openness
from scheduling.errors import SlotBlocked
from scheduling.models import Absence, Appointment, Shift, ShiftRule, Slot
from tests import factories as make
from tests.races.harness import run_at_once
from worklist.models import Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SLOTS = 12


@pytest.fixture
def doctor():
    return make.doctor()


def leave(doctor):
    return make.away(doctor, 1, 3)


def test_whoever_books_is_before_the_absence_or_refused(doctor):
    """Each visit that was booked has its task, each time is closed, and nobody is told anything else."""
    slots = make.slots_of(make.shift(doctor, days=2, slots=SLOTS))
    patients = [make.patient() for _ in slots]
    book = [partial(make.appointment, slot, of=who) for slot, who in zip(slots, patients, strict=True)]
    result = run_at_once([*book[:6], partial(leave, doctor), *book[6:]])
    assert result.refused_with() <= {SlotBlocked}
    assert not Slot.objects.filter(absence=None).exists()
    visits = set(Appointment.objects.values_list("pk", flat=True))
    assert set(Task.objects.filter(kind="rebook").values_list("subject", flat=True)) == visits


def test_d05_the_same_form_sent_three_times_is_one_absence(doctor):
    make.shift(doctor, days=2, slots=2)
    result = run_at_once([partial(leave, doctor)] * 3)
    assert len({absence.pk for absence in result.values}) == 1
    assert Absence.objects.count() == 1


def rule(doctor):
    day = make.moment(2).date()
    columns = {"room": doctor.room, "slot_minutes": 30, "valid_from": day, "starts": "09:00", "ends": "11:00"}
    ShiftRule.objects.create(doctor=doctor, weekday=day.isoweekday(), **columns)
    return day


def publish_while_an_absence_is_written(doctor):
    """The absence has closed what there was, and is not committed yet, when the shift is published."""
    day, closing = rule(doctor), threading.Event()

    @transaction.atomic
    def write_absence():
        starts_at, ends_at = day_bounds(day)
        make.absence(doctor, starts_at, ends_at)
        closing.set()
        time.sleep(0.4)

    def publish():
        closing.wait(5)
        return booking.publish(doctor=doctor, first_day=day, last_day=day, by=make.TEST)

    return run_at_once([write_absence, publish])


def test_what_is_published_beside_an_absence_is_closed_or_left_out(doctor):
    publish_while_an_absence_is_written(doctor)
    assert not Slot.objects.filter(absence=None).exists()


def test_without_the_lock_of_the_timetable_a_time_slips_through(doctor, monkeypatch):
    """The negative control; the reconciliation closes it all the same."""
    monkeypatch.setattr(openness, "lock_timetable", lambda: None)
    publish_while_an_absence_is_written(doctor)
    assert Shift.objects.exists()
    assert Slot.objects.filter(absence=None).exists()
    booking.reconcile_openness()
    assert not Slot.objects.filter(absence=None).exists()

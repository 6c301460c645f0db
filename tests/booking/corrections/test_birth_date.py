"""After a birth date is put right the visits that no longer hold are listed, and each is a task to phone about."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from foundation.changes import Changes
from patients.errors import RepresentativeNeeded
from scheduling.choices import CancelReason
from scheduling.errors import (
    AgeNotServed,
)
from scheduling.models import Appointment
from tests import factories as make
from tests.booking.corrections.deeds import born_again, change, open_tasks, told
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


def test_a_child_who_is_younger_than_was_said_needs_somebody(doctor, slots):
    alone = make.child(years=16)
    visit = make.appointment(slots[0], of=alone)
    assert told(born_again(alone, 13)) == [(visit, [RepresentativeNeeded])]
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert (task.subject, task.phone.as_e164, task.cause) == (visit.pk, alone.phone.as_e164, None)
    assert (task.due_at, task.expires_at) == (visit.starts_at, visit.starts_at)


def test_a_patient_who_is_not_of_the_doctors_age_after_all(doctor, slots):
    change(doctor, min_age=18)
    patient = make.patient()
    visit = make.appointment(slots[0], of=patient)
    assert told(born_again(patient, 17)) == [(visit, [AgeNotServed])]
    assert open_tasks() == [visit.pk]


def test_what_is_put_right_back_needs_no_call(doctor, slots):
    alone = make.child(years=16)
    make.appointment(slots[0], of=alone)
    born_again(alone, 13)
    assert told(born_again(alone, 14)) == []
    assert open_tasks() == []
    assert Task.objects.get(kind=TaskKind.REBOOK).state == "dropped"


def test_a_name_put_right_judges_nothing(doctor, slots):
    change(doctor, min_age=18)
    patient = make.patient()
    make.appointment(slots[0], of=patient)
    change(doctor, min_age=50)
    corrected = booking.correct_patient(patient=patient, changes=Changes({"last_name": "Ли"}), by=make.TEST)
    assert (corrected, open_tasks(), patient.last_name) == ([], [], "Ли")


@pytest.mark.parametrize("years", [14, 18])
def test_a_child_who_grows_up_makes_no_noise(doctor, slots, years):
    child = make.child()
    make.appointment(slots[0], of=child)
    assert told(born_again(child, years)) == []
    assert open_tasks() == []


def test_visits_that_are_over_or_cancelled_or_begun_are_left_alone(doctor, slots):
    alone = make.child(years=16)
    over, cancelled, here = (make.appointment(slot, of=alone) for slot in slots[:3])
    booking.cancel(appointment=cancelled.pk, reason=CancelReason.PATIENT, by=make.TEST)
    Appointment.objects.filter(pk=here.pk).update(status="arrived")
    Appointment.objects.filter(pk=over.pk).update(
        starts_at=timezone.now() - timedelta(minutes=30), ends_at=timezone.now()
    )
    assert told(born_again(alone, 13)) == []

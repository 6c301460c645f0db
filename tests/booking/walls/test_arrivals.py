"""A patient is received on the day that the wall of the visit's location shows, with the papers of that day."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

import booking
from back_office.forms.check_in import CheckIn
from back_office.presenters.appointments import Can
from foundation.accounts.choices import Role
from foundation.clock import wall_time
from patients.choices import Relation
from scheduling.choices import AppointmentStatus
from scheduling.errors import NotToday
from scheduling.models import Appointment, Doctor, Location
from tests import factories as make
from tests.booking.walls.conftest import late, outcome, wall_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor(), days=3))[0]


def at(slot, clock: str, *, days: int = 0) -> datetime:
    """Returns the hour on that wall, so many days after the day of the visit there."""
    there = Location.objects.get().timezone
    return wall_time(wall_day(slot) + timedelta(days=days), time.fromisoformat(clock), zone=there)


@pytest.mark.parametrize("step", [booking.check_in, booking.start], ids=["at the desk", "by the doctor"])
@pytest.mark.parametrize(("clock", "days"), [("00:00", 0), ("23:59", 0), ("23:59", -1), ("00:00", 1)])
def test_a_patient_is_received_on_that_day_alone(slot, step, clock, days):
    visit = make.appointment(slot)
    with time_machine.travel(at(slot, clock, days=days), tick=False):
        done = outcome(lambda: step(appointment=visit.pk, by=make.TEST))
    assert (done == NotToday) if days else (done.status != AppointmentStatus.BOOKED)


@pytest.mark.parametrize(("clock", "days"), [("23:59", 0), ("00:00", 1)])
def test_a_completed_visit_is_taken_back_on_that_day_alone(slot, clock, days):
    seen = make.seen(make.appointment(slot))
    case = {"status": AppointmentStatus.FULFILLED, "reason": "ошибка", "by": make.TEST}
    with time_machine.travel(at(slot, clock, days=days), tick=False):
        assert Can.of(seen).back is not bool(days)
        done = outcome(lambda: booking.take_back(appointment=seen.pk, **case))
    assert (done == NotToday) if days else (done.status == AppointmentStatus.CHECKED_IN)


@late
def test_a_power_of_attorney_may_be_signed_on_that_day(slot, rf, late):
    """Nothing is signed tomorrow, wherever it is tomorrow already."""
    child = make.child()
    case = {"slot": slot.pk, "service": slot.doctor.services.get(), "patient": child, "by": make.TEST}
    visit = booking.by_phone(representative=make.representative(Relation.ATTORNEY), **case)
    signed = wall_day(slot) + timedelta(days=late)
    typed = {"power-principal_name": "Орлова", "power-signed_on": f"{signed:%d.%m.%Y}", "power-seen_as": "original"}
    with time_machine.travel(visit.starts_at, tick=False):
        form = CheckIn(Appointment.objects.get(pk=visit.pk), make.TEST, rf.post("/", typed).POST).power
        assert form.is_valid() is not bool(late)


@late
def test_the_doctors_day_is_todays_there(slot, sign_in, late):
    user = make.user(Role.DOCTOR)
    Doctor.objects.filter(pk=slot.doctor_id).update(user=user)
    make.appointment(slot)
    with time_machine.travel(at(slot, "12:00", days=late), tick=False):
        page = sign_in(user).get(reverse("office:my_day")).context
        assert (page["day"], page["is_today"]) == (wall_day(slot) + timedelta(days=late), True)
    assert len(page["rows"]) == 1 - late


@late
def test_the_papers_of_an_arrival_are_those_of_that_day(slot, rf, late):
    """Whoever is 18 shows a passport; on the day before they come with their mother, who shows two papers."""
    child = make.patient(birth_date=make.born(18, on=wall_day(slot) + timedelta(days=late)))
    case = {"slot": slot.pk, "service": slot.doctor.services.get(), "patient": child, "by": make.TEST}
    visit = booking.by_phone(representative=make.parent_of(child, Relation.PARENT), **case)
    asked = CheckIn(Appointment.objects.get(pk=visit.pk), make.TEST, rf.post("/").POST)
    assert [paper.document for paper in asked.papers] == ["identity", "birth_certificate"][: 1 + late]

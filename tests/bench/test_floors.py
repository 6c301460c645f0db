"""The floors write by bare SQL: a new column of the model has to be known there as well."""

import pytest
from django.test import Client

from bench import floor_requests, statements
from bench.bookable import Chance
from bench.booking_forms import undo
from scheduling.models import Appointment, AppointmentEvent, Slot
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_floors(settings):
    settings.ROOT_URLCONF = "bench.urls"


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor()))[0]


def test_empty_page():
    assert Client().get("/bench/floor/ok/").status_code == 200


def test_one_row_by_its_key(slot):
    asked = statements.of(floor_requests.select().here)
    assert (asked.count, asked.result.status_code) == (1, 200)


def test_five_statements_book(slot):
    patient = make.patient()
    request = floor_requests.five(slot.pk, patient.pk)
    asked = statements.of(request.here)
    assert (asked.count, asked.result.status_code) == (5, 302)
    made = Appointment.objects.get()
    assert (made.slots.get(), made.patient) == (slot, patient)
    assert AppointmentEvent.objects.get().appointment == made
    assert request.here().status_code == 409


def test_undone_slot_can_be_booked_again(slot):
    patient = make.patient()
    request = floor_requests.five(slot.pk, patient.pk)
    request.here()
    undo([Chance(slot.pk, slot.doctor.services.get(), patient.pk)])
    assert Slot.objects.get(pk=slot.pk).appointment is None
    assert request.here().status_code == 302

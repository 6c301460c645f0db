"""The note of a patient is read wherever somebody has this patient before them (K14)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from patients.models import Patient
from scheduling.models import Doctor
from tests import factories as make

pytestmark = pytest.mark.django_db
NOTE = "слабослышащий, говорить громче"


@pytest.fixture
def visit():
    booked = make.appointment(make.slots_of(make.shift(make.doctor(make.service()), days=1))[0])
    Patient.objects.update(note=NOTE)
    return booked


def body(client, name, *args, query=""):
    return client.get(reverse(name, args=args) + query).content.decode()


def test_k14_the_desk_reads_it_when_booking_and_on_the_visit(sign_in, visit):
    desk = sign_in(Role.REGISTRAR)
    free = make.slots_of(make.shift(make.doctor(make.service()), days=2))[0]
    who = f"?patient={visit.patient_id}"
    pages = [body(desk, "office:book", free.pk, query=who), body(desk, "office:appointment", visit.pk)]
    assert [NOTE in page for page in pages] == [True, True]


def test_k14_the_doctor_reads_it_in_the_day_and_on_the_visit(sign_in, visit):
    login = make.user(Role.DOCTOR)
    Doctor.objects.filter(pk=visit.doctor_id).update(user=login)
    doctor = sign_in(login)
    day = f"?date={timezone.localdate(visit.starts_at)}"
    pages = [body(doctor, "office:my_day", query=day), body(doctor, "office:my_visit", visit.pk)]
    assert [NOTE in page for page in pages] == [True, True]

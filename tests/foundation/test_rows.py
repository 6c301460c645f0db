"""Objects read by hand-written SELECTs are the same as the ORM's."""

from uuid import uuid4

import pytest

from foundation.database.rows import Columns, fetch, listed
from patients import queries
from patients.choices import DocumentKind, SeenAs
from patients.models import IdentityDocument, Patient
from scheduling.models import Service
from scheduling.queries import facts
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_every_column_comes_back_as_it_was_written():
    patient = make.patient(patronymic="Ильинична", phone="+79210001122")
    read = queries.one(patient.pk)
    written = Patient.objects.get(pk=patient.pk)
    assert {name: getattr(read, name) for name in columns(Patient)} == {
        name: getattr(written, name) for name in columns(Patient)
    }
    assert read.phone.as_e164 == "+79210001122"


def test_an_encrypted_column_is_read_in_clear():
    document = IdentityDocument.objects.create(
        patient=make.patient(),
        kind=DocumentKind.RF_PASSPORT,
        number="4010123456",
        seen_as=SeenAs.ORIGINAL,
        seen_at=make.moment(0),
        seen_by="test",
    )
    read = Columns(IdentityDocument, "document")
    (row,) = fetch(f"SELECT {read.sql} FROM patients_identitydocument document WHERE id = %s", [document.pk])
    assert read.read(iter(row)).number == "4010123456"


def test_what_is_left_out_is_fetched_when_it_is_asked_for(django_assert_num_queries):
    service = make.service()
    named = Columns(Service, "service", "id", "name")
    with django_assert_num_queries(2):
        (row,) = fetch(f"SELECT {named.sql} FROM scheduling_service service WHERE id = %s", [service.pk])
        read = named.read(iter(row))
        assert (read.name, read.minutes) == (service.name, service.minutes)
    read.name = "Другое"
    read.save(update_fields=["name"])
    assert Service.objects.get(pk=service.pk).name == "Другое", "it is a row, not a new object"


def test_two_objects_of_one_row_and_none_of_an_outer_join():
    service, patient = Columns(Service, "service"), Columns(Patient, "patient")
    made = make.service()
    (row,) = fetch(
        f"SELECT {listed(service, patient)}, 7 FROM scheduling_service service"
        " LEFT JOIN patients_patient patient ON patient.id = %s WHERE service.id = %s",
        [uuid4(), made.pk],
    )
    values = iter(row)
    assert (service.read(values), patient.read_any(values), next(values)) == (made, None, 7)


def test_the_time_the_patient_and_the_services_of_its_doctor_are_one_statement(django_assert_num_queries):
    slot, patient = a_slot(), make.patient()
    with django_assert_num_queries(1):
        chosen = facts.chosen(slot=slot.pk, patient=patient.pk)
        assert (chosen.slot, chosen.patient) == (slot, patient)
        assert chosen.slot.shift.room.location.address == slot.shift.room.location.address
    assert chosen.services == list(slot.doctor.services.filter(active=True))
    assert chosen.services
    assert facts.chosen(slot=slot.pk).patient is None
    assert facts.chosen(slot=uuid4()) is None


def test_a_doctor_without_services_has_a_time_all_the_same():
    slot = a_slot()
    slot.doctor.services.update(active=False)
    assert facts.chosen(slot=slot.pk).services == []


def test_a_patient_comes_with_those_who_act_for_him(django_assert_num_queries):
    child = make.child()
    assert queries.with_representatives(child.pk) == (child, [])
    mother = make.parent_of(child)
    with django_assert_num_queries(1):
        patient, acting = queries.with_representatives(child.pk)
        assert [row.power_of_attorney for row in acting] == [None]
    assert (patient, acting) == (child, [mother])
    assert queries.with_representatives(uuid4()) is None


def a_slot():
    return make.slots_of(make.shift(make.doctor()))[0]


def columns(model):
    return [field.attname for field in model._meta.concrete_fields]

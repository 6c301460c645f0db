"""Hand-written SELECTs are read by the names of their columns, and only as they were asked."""

from dataclasses import FrozenInstanceError, dataclass
from uuid import UUID, uuid4

import pytest
from django.template import Context, Template

from foundation.accounts.backend import StaffBackend
from foundation.database.read_models import KeyedReadModel, ReadModel, columns, nested_columns
from foundation.database.rows import fetch, fetch_first, fetch_values
from patients.models import IdentityDocument, Patient
from patients.queries import people
from scheduling.models import Service
from scheduling.queries import facts
from tests import factories as make

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSpecialty(KeyedReadModel):
    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedService(KeyedReadModel):
    id: UUID
    name: str
    specialty: NamedSpecialty | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed(ReadModel):
    seven: int
    service: NamedService
    patient: Patient | None


def services(sql=None):
    sql = sql or f"SELECT {columns(NamedService, 'service')}"
    joined = "FROM scheduling_service service LEFT JOIN scheduling_specialty specialty ON specialty.slug = %s"
    return fetch(NamedService, f"{sql} {joined}", [f"{make.specialty().slug}"])


def test_columns_are_listed_with_the_names_they_are_read_by():
    assert columns(NamedService, "offered") == (
        'offered."id" AS "id", offered."name" AS "name",'
        ' specialty."id" AS "specialty__id", specialty."name" AS "specialty__name"'
    )
    assert nested_columns(service=NamedSpecialty, specialty=NamedSpecialty) == (
        'service."id" AS "service__id", service."name" AS "service__name",'
        ' specialty."id" AS "specialty__id", specialty."name" AS "specialty__name"'
    )


def test_a_row_is_read_by_name_whatever_the_order_of_its_columns():
    service = make.service(name="Осмотр")
    sql = 'SELECT specialty.name AS specialty__name, service.name, specialty.id AS "specialty__id", service.id AS id'
    (read,) = services(sql)
    assert (read.pk, read.name, read.specialty.name) == (service.pk, "Осмотр", "Дерматология")


def test_what_was_not_read_cannot_be_asked_for(django_assert_num_queries):
    make.service()
    (read,) = services()
    with django_assert_num_queries(0), pytest.raises(AttributeError, match="minutes"):
        _ = read.minutes
    with pytest.raises(FrozenInstanceError):
        read.name = "Другое"
    assert not hasattr(read, "__dict__")


def test_a_template_that_asks_for_what_was_not_read_fails():
    """The negative control of `templates_ask_for_what_was_read`, without which it would show nothing."""
    make.service()
    (read,) = services()
    assert Template("{{ read.name }}{{ nobody.minutes }}").render(Context({"read": read})) == read.name
    with pytest.raises(AssertionError, match="minutes"):
        Template("{{ read.minutes }}").render(Context({"read": read}))


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("service.id, service.name, NULL AS specialty__id", "it lacks: specialty__name"),
        (f"{columns(NamedService, 'service')}, service.price, 1 AS one", "superfluous: one, price"),
        (f"{columns(NamedService, 'service')}, service.id", "there twice: id"),
        ("service.*", "it lacks: specialty__id, specialty__name; superfluous: active, "),
    ],
)
def test_a_statement_with_other_columns_is_refused_by_name(listed, told):
    """It is refused also when it finds nothing."""
    with pytest.raises(TypeError, match=f"cannot be read as NamedService.*{told}"):
        services(f"SELECT {listed}")


def test_none_where_an_outer_join_found_no_row():
    service = make.service()
    sql = f"SELECT {nested_columns(service=NamedService, patient=Patient)}, 7 AS seven"
    joins = """FROM scheduling_service service
        LEFT JOIN scheduling_specialty specialty ON specialty.id = %(nobody)s
        LEFT JOIN patients_patient patient ON patient.id = %(nobody)s"""
    read = fetch_first(Mixed, f"{sql} {joins}", {"nobody": uuid4()})
    named = NamedService(id=service.pk, name=service.name, specialty=None)
    assert read == Mixed(seven=7, service=named, patient=None)


def test_what_has_a_key_is_made_once_for_the_rows_of_a_result():
    """It is made anew for the next result, which may differ."""
    specialty = make.specialty()
    make.service(specialty), make.service(specialty)
    listed = columns(NamedService, "service")
    sql = f"SELECT {listed} FROM scheduling_service service CROSS JOIN scheduling_specialty specialty"
    first, second = fetch(NamedService, sql)
    assert first.specialty is second.specialty
    specialty.name = "Трихология"
    specialty.save(update_fields=["name"])
    assert [read.specialty.name for read in (first, *fetch(NamedService, sql))] == ["Дерматология", *["Трихология"] * 2]


def test_one_key_of_two_fields_is_two_objects():
    """The doctor of the visit may be the doctor of the follow-up, read as something else."""
    service = make.service()
    sql = f"SELECT {nested_columns(service=NamedService, patient=Patient)}, 7 AS seven"
    joins = """FROM scheduling_service service
        LEFT JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
        LEFT JOIN patients_patient patient ON patient.id = %(patient)s"""
    patient = make.patient()
    Patient.objects.filter(pk=patient.pk).update(id=service.pk)
    read = fetch_first(Mixed, f"{sql} {joins}", {"patient": service.pk})
    assert (type(read.service), type(read.patient)) == (NamedService, Patient)
    assert read.service.pk == read.patient.pk


def test_values_of_one_column_and_nothing_of_no_row():
    assert fetch_values("SELECT generate_series(1, 3)") == [1, 2, 3]
    assert fetch_first(NamedSpecialty, f"SELECT {columns(NamedSpecialty, 'one')} FROM scheduling_specialty one") is None
    with pytest.raises(ValueError, match="unpack"):
        fetch_values("SELECT 1, 2")


def test_a_model_is_read_whole(django_assert_num_queries):
    patient = make.patient(patronymic="Ильинична", phone="+79210001122")
    read = people.one(patient.pk)
    written = Patient.objects.get(pk=patient.pk)
    with django_assert_num_queries(0):
        assert {name: getattr(read, name) for name in attributes(Patient)} == {
            name: getattr(written, name) for name in attributes(Patient)
        }
    assert read.get_deferred_fields() == set()
    assert read.phone.as_e164 == "+79210001122"
    read.note = "Другое"
    read.save(update_fields=["note"])
    assert Patient.objects.get(pk=patient.pk).note == "Другое", "it is a row, not a new object"


def test_an_encrypted_column_is_read_in_clear():
    document = make.document("4010123456")
    listed = columns(IdentityDocument, "document")
    (read,) = fetch(IdentityDocument, f"SELECT {listed} FROM patients_identitydocument document")
    assert (read, read.number) == (document, "4010123456")


def test_who_is_signed_in_is_read_whole(registrar):
    read = StaffBackend().get_user(registrar.pk)
    assert (read, read.get_deferred_fields()) == (registrar, set())


def test_the_time_the_patient_and_the_services_of_its_doctor_are_one_statement(django_assert_num_queries):
    slot, patient = a_slot(), make.patient()
    with django_assert_num_queries(1):
        chosen = facts.chosen_slot(slot=slot.pk, patient=patient.pk)
        assert (chosen.slot.pk, chosen.patient) == (slot.pk, patient)
        assert chosen.slot.doctor.full_name == "Белова Анна Сергеевна"
        assert chosen.slot.shift.room.location.address == "Санкт-Петербург, ул. Лунная, д. 7"
    assert chosen.services == list(slot.doctor.services.filter(active=True))
    assert chosen.services
    assert facts.chosen_slot(slot=slot.pk).patient is None
    assert facts.chosen_slot(slot=uuid4()) is None


def test_a_doctor_without_services_has_a_time_all_the_same():
    slot = a_slot()
    slot.doctor.services.update(active=False)
    assert facts.chosen_slot(slot=slot.pk).services == []


def test_a_time_and_a_service_are_one_statement_also_when_the_time_is_gone(django_assert_num_queries):
    slot = a_slot()
    service = slot.doctor.services.get()
    with django_assert_num_queries(3):
        here = facts.slot_and_service(slot=slot.pk, service=service.pk)
        gone = facts.slot_and_service(slot=uuid4(), service=service.pk)
        with pytest.raises(Service.DoesNotExist):
            facts.slot_and_service(slot=slot.pk, service=uuid4())
    assert (here.slot, here.service) == (facts.slot(slot.pk), gone.service)
    assert (gone.slot, gone.service.specialty.slug) == (None, service.specialty.slug)


def test_a_patient_comes_with_those_who_act_for_them(django_assert_num_queries):
    child = make.child()
    assert people.with_representatives(child.pk) == (child, [])
    mother = make.parent_of(child)
    with django_assert_num_queries(1):
        patient, acting = people.with_representatives(child.pk)
        assert [row.power_of_attorney for row in acting] == [None]
    assert (patient, acting) == (child, [mother])
    assert people.with_representatives(uuid4()) is None


def a_slot():
    return make.slots_of(make.shift(make.doctor()))[0]


def attributes(model):
    return [field.attname for field in model._meta.concrete_fields]

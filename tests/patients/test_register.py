from dataclasses import replace
from datetime import date

import pytest

from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from patients.actions import papers, register
from patients.choices import Applicant, Channel, ContactWay, DocumentKind, MisState, Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import SamePersonExists
from patients.models import Patient, PowerOfAttorney
from patients.queries import people
from scheduling.queries.find_people import find
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(typed):
    return [each.patient for each in find(typed).people]


@pytest.fixture
def semyon():
    name = {"last_name": "Семёнов-Ёлкин", "first_name": "Пётр", "patronymic": "Львович"}
    return make.patient(**name, phone="+79215551234", birth_date="1990-02-01")


QUERIES = ("семен", "СЕМЁНОВ", "семенов-ёл п л", "1234", "89215551234", "01.02.1990", "01021990")


@pytest.mark.parametrize("typed", QUERIES)
def test_u13_one_box_finds_a_patient(semyon, typed):
    make.patient()
    assert found(typed) == [semyon]


@pytest.mark.parametrize(
    "typed", ["Ceмёнoв", "семе\u0308нов", "се\u00adменов", "семенов\u2011елкин\u00a0пётр", "семенов–ёлкин"]
)
def test_a_name_that_is_stored_plainly_is_found_by_any_spelling(semyon, typed):
    """The spellings have a Latin C, e and o; ё of two characters; a soft hyphen; other hyphens and spaces."""
    assert found(typed) == [semyon]


def test_a_name_that_is_stored_with_other_signs_is_found_as_it_was_typed():
    neill = make.patient(last_name="О’Нил", first_name="Кевин")
    assert found("о’нил к") == [neill]


def test_search_by_card_number(semyon):
    assert found(semyon.card_number.lower()) == [semyon]


@pytest.mark.parametrize("typed", ["", " ", "31.02.1990", "%", "(", "00000000"])
def test_search_survives_anything(semyon, typed):
    assert found(typed) == []


def test_r9_no_doubles():
    person = make.person(last_name="Семёнов")
    known = register.add(person=person, by=make.TEST)
    with pytest.raises(SamePersonExists) as refused:
        register.add(person=make.person(last_name="СЕМЕНОВ"), by=make.TEST)
    assert refused.value.patients == [known]
    assert register.add(person=person, by=make.TEST, allow_namesake=True) != known


@pytest.mark.parametrize("last_name", ["Cемёнов", "семенов", "Семе\u0308нов", "Семёнов\u200b"])
def test_t43_the_same_person_spelled_otherwise_is_the_same(last_name):
    person = make.person(last_name="Семёнов")
    known = register.add(person=person, by=make.TEST)
    assert register.find_or_add(person=replace(person, last_name=last_name), by=make.TEST) == known


def test_a_new_record_has_a_card_and_is_in_the_built_in_mis():
    by = make.actor()
    patient = register.add(person=make.person(), by=by)
    number = patient.card_number.removeprefix("М-")
    assert (len(number), number.isdecimal()) == (6, True)
    assert (patient.mis_client_id, patient.mis_state) == (patient.card_number, MisState.SYNCED)
    later = register.add(person=make.person(last_name="Лунина"), by=by)
    assert int(later.card_number.removeprefix("М-")) > int(number)
    event = AuditEvent.objects.filter(action="patient.registered").earliest("id")
    assert (event.actor, event.patient) == (by.ref, patient.pk)


def test_a_correction_keeps_what_stood_there():
    patient = make.patient(last_name="Орлова", phone="+79210001122", email="orlova@example.org", note="звонить вечером")
    same = {"phone": "+79210001122", "email": "orlova@example.org"}
    changes = Changes(same | {"last_name": "Лунина", "note": ""})
    assert register.correct(patient=patient, changes=changes, by=make.TEST) == {
        "last_name": ("Орлова", "Лунина"),
        "note": ("звонить вечером", ""),
    }
    patient.refresh_from_db()
    assert (patient.last_name, patient.note, patient.email) == ("Лунина", "", "orlova@example.org")
    event, names = AuditEvent.objects.get(action="patient.corrected"), ["Орлова", "Лунина"]
    assert (event.patient, event.details) == (
        patient.pk,
        {"changed": {"last_name": names, "note": ["звонить вечером", ""]}},
    )


def test_the_way_to_reach_a_person_is_kept_with_what_stood_there_before():
    patient = make.patient()
    register.correct(patient=patient, changes=Changes({"contact_way": ContactWay.WRITING}), by=make.TEST)
    patient.refresh_from_db()
    assert patient.contact_way == ContactWay.WRITING
    assert AuditEvent.objects.get(action="patient.corrected").details == {"changed": {"contact_way": ["", "writing"]}}


def test_a_correction_leaves_what_somebody_else_corrects_at_the_same_time():
    patient = make.patient(last_name="Орлова", phone="+79210001122")
    Patient.objects.update(email="orlova@example.org")
    register.correct(patient=patient, changes=Changes({"last_name": "Лунина", "phone": "+79210001122"}), by=make.TEST)
    patient.refresh_from_db()
    assert (patient.last_name, patient.email) == ("Лунина", "orlova@example.org")


def test_a_correction_that_changes_nothing_is_none():
    person = make.person()
    patient = register.add(person=person, by=make.TEST)
    register.correct(patient=Patient.objects.get(pk=patient.pk), changes=Changes(person.columns()), by=make.TEST)
    assert not AuditEvent.objects.filter(action="patient.corrected").exists()


def test_t43_another_phone_never_reaches_a_known_record():
    person = make.person()
    known = register.add(person=person, by=make.TEST)
    assert register.find_or_add(person=person, by=make.TEST) == known
    assert register.find_or_add(person=make.person(), by=make.TEST) != known


@pytest.mark.parametrize(
    "name", ["Ли", "Э", "О’Нил", "Римский-Корсаков", "Мамед оглы", "Garcia Márquez", "Щ" * 60, "Ёжикова"]
)
def test_t31_names_come_back_as_given(name):
    patient = make.patient(last_name=name, patronymic="")
    assert Patient.objects.get(pk=patient.pk).last_name == name
    assert found(name[:5])[0] == patient


def test_a_family_shares_a_phone():
    mother, son = make.patient(phone="+79210001122"), make.child(phone="")
    make.parent_of(son, phone="+79210001122")
    assert people.callers("+79210001122") == [mother, son]


@pytest.mark.parametrize("typed", ["4015 123456", "40 15 № 123456", "4015123456", "iv-аи 654321"])
def test_a_document_finds_whoever_showed_it_and_for_whom(typed):
    child = make.child()
    seen = [
        Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number="4015 123456"),
        Seen(document=Demandable.BIRTH_CERTIFICATE, kind=DocumentKind.BIRTH_CERTIFICATE, number="IV-АИ 654321"),
    ]
    papers.record(
        patient=child,
        applicant=Applicant.LEGAL_REPRESENTATIVE,
        channel=Channel.REGISTRY,
        seen=seen,
        by=make.TEST,
        representation=make.parent_of(child),
    )
    assert found(typed) == [child]


def test_the_same_power_of_attorney_shown_twice_is_one():
    power = PowerData(principal_name="Орлова", signed_on=date(2026, 1, 10), valid_until=date(2027, 1, 9))
    child = make.child()
    for _ in range(2):
        make.parent_of(child, Relation.ATTORNEY, power=power)
    assert PowerOfAttorney.objects.count() == 1

from dataclasses import replace
from datetime import date

import pytest

from patients.actions import papers, register
from patients.choices import Applicant, Channel, DocumentKind, Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import SamePersonExists
from patients.models import Patient, PowerOfAttorney
from patients.queries import people, search
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def semyon():
    name = {"last_name": "Семёнов-Ёлкин", "first_name": "Пётр", "patronymic": "Львович"}
    return make.patient(**name, phone="+79215551234", birth_date="1990-02-01")


QUERIES = ("семен", "СЕМЁНОВ", "семенов-ёл п л", "1234", "89215551234", "01.02.1990", "01021990")


@pytest.mark.parametrize("typed", QUERIES)
def test_u13_one_box_finds_a_patient(semyon, typed):
    make.patient()
    assert search.patients(typed) == [semyon]


@pytest.mark.parametrize(
    "typed", ["Ceмёнoв", "семе\u0308нов", "се\u00adменов", "семенов\u2011елкин\u00a0пётр", "семенов–ёлкин"]
)
def test_a_name_that_is_stored_plainly_is_found_by_any_spelling(semyon, typed):
    """A Latin C, e and o; ё of two signs; a soft hyphen; other hyphens and spaces."""
    assert search.patients(typed) == [semyon]


def test_a_name_that_is_stored_with_other_signs_is_found_as_it_was_typed():
    neill = make.patient(last_name="О’Нил", first_name="Кевин")
    assert search.patients("о’нил к") == [neill]


def test_search_by_card_number(semyon):
    assert search.patients(semyon.card_number.lower()) == [semyon]


@pytest.mark.parametrize("typed", ["", " ", "31.02.1990", "%", "(", "00000000"])
def test_search_survives_anything(semyon, typed):
    assert search.patients(typed) == []


def test_r9_no_doubles():
    person = make.person(last_name="Семёнов")
    known = register.add(person=person, by=make.TEST)
    with pytest.raises(SamePersonExists) as refused:
        register.add(person=make.person(last_name="СЕМЕНОВ"), by=make.TEST)
    assert refused.value.patient == known
    assert register.add(person=person, by=make.TEST, allow_namesake=True) != known


@pytest.mark.parametrize("last_name", ["Cемёнов", "семенов", "Семе\u0308нов", "Семёнов\u200b"])
def test_t43_the_same_person_spelled_otherwise_is_the_same(last_name):
    person = make.person(last_name="Семёнов")
    known = register.add(person=person, by=make.TEST)
    assert register.find_or_add(person=replace(person, last_name=last_name), by=make.TEST) == known


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
    assert search.patients(name[:5])[0] == patient


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
    assert search.patients(typed) == [child]


def test_the_same_power_of_attorney_shown_twice_is_one():
    power = PowerData(principal_name="Орлова", signed_on=date(2026, 1, 10), valid_until=date(2027, 1, 9))
    child = make.child()
    for _ in range(2):
        make.parent_of(child, Relation.ATTORNEY, power=power)
    assert PowerOfAttorney.objects.count() == 1

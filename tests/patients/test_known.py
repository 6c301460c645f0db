"""The site knows a person by name, birth date and phone (R9, T43)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from patients.queries import known
from tests import factories as make

pytestmark = pytest.mark.django_db

BORN = date(1990, 5, 17)
NAME = {"last_name": "Лунина", "first_name": "Вера", "patronymic": "Ильинична", "birth_date": BORN}


@pytest.fixture
def person():
    return make.person(**NAME, phone="+79210001122")


@pytest.fixture
def vera(person):
    return make.patient(**NAME, phone=person.phone)


def test_a_known_person_needs_no_new_card(vera, person):
    make.patient()
    found = known.by_phone(person)
    assert (found.patient, found.number) == (vera, None)


@pytest.mark.parametrize(
    "other",
    [
        {"last_name": "Лунин"},
        {"first_name": "Вероника"},
        {"patronymic": "Львовна"},
        {"birth_date": BORN + timedelta(days=1)},
        {"birth_date": BORN - timedelta(days=1)},
    ],
)
def test_any_other_fact_is_another_person(vera, person, other):
    found = known.by_phone(replace(person, **other))
    assert found.patient is None
    assert isinstance(found.number, int)


def test_a_patronymic_that_one_of_two_leaves_out_makes_nobody_else(vera, person):
    assert known.by_phone(replace(person, patronymic="")).patient == vera
    make.patient(**NAME | {"first_name": "Ия", "patronymic": ""}, phone=person.phone)
    assert known.by_phone(replace(person, first_name="Ия")).patient.first_name == "Ия"


def test_the_same_patronymic_comes_before_none(person):
    make.patient(**NAME | {"patronymic": ""}, phone=person.phone)
    vera = make.patient(**NAME, phone=person.phone)
    assert known.by_phone(person).patient == vera


def test_another_phone_is_another_person_on_the_site(vera, person):
    assert known.by_phone(replace(person, phone="+79215550000")).patient is None


def test_nobody_without_a_phone_is_found_by_it():
    make.patient(**NAME, phone="")
    nameless = make.person(**NAME, phone="")
    assert known.by_phone(nameless).patient is None


@pytest.mark.parametrize("patronymic", ["", "Ильинична"])
def test_a_name_of_two_parts_is_found_like_one_of_three(patronymic):
    person = make.person(**NAME | {"patronymic": patronymic})
    there = make.patient(**NAME | {"patronymic": patronymic}, phone=person.phone)
    assert known.by_phone(person).patient == there


def test_of_two_namesakes_the_record_that_came_first_is_told(vera, person):
    make.patient(**NAME, phone=person.phone)
    assert known.by_phone(person).patient == vera


def test_each_new_card_has_the_next_number(person):
    first = known.next_number()
    assert known.by_phone(person).number == first + 1
    assert known.next_number() == first + 2


def test_a_known_person_takes_no_number(vera, person):
    before = known.next_number()
    known.by_phone(person)
    assert known.next_number() == before + 1

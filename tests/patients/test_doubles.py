"""The register knows a person who is typed in a little differently, and nobody else (R9, K04)."""

from dataclasses import replace
from datetime import date

import pytest

from patients.actions import register
from patients.errors import SamePersonExists
from patients.queries import doubles
from tests import factories as make

pytestmark = pytest.mark.django_db

IVANOV = make.person(
    last_name="Иванов",
    first_name="Пётр",
    patronymic="Ильич",
    birth_date=date(1985, 3, 7),
    phone="+79215551234",
)
OTHER_PHONE, OTHER_DAY = "+79215550000", date(1990, 11, 20)


@pytest.fixture
def ivanov():
    make.patient(last_name="Петров", birth_date=IVANOV.birth_date)
    return register.add(person=IVANOV, by=make.TEST)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"phone": ""},
        {"phone": OTHER_PHONE},
        {"patronymic": "", "phone": ""},
        {"patronymic": "Львович", "phone": ""},
        {"last_name": "ИВАНОВ", "phone": ""},
        {"last_name": "Ивонов"},
        {"last_name": "Ивонов", "phone": ""},
        {"first_name": "Петр", "phone": ""},
        {"first_name": "Пётрр", "phone": ""},
        {"last_name": "Иванов-Сидоров", "phone": ""},
        {"last_name": "Сидоров"},
        {"birth_date": date(1985, 3, 8)},
        {"birth_date": date(1986, 3, 7)},
        {"birth_date": date(1985, 7, 3)},
    ],
)
def test_k04_it_may_be_the_same_person(ivanov, typed):
    person = replace(IVANOV, **typed)
    assert doubles.of(person) == [ivanov]
    with pytest.raises(SamePersonExists) as refused:
        register.add(person=person, by=make.TEST)
    assert refused.value.patients == [ivanov]


@pytest.mark.parametrize(
    "typed",
    [
        {"first_name": "Павел"},
        {"first_name": "Павел", "phone": ""},
        {"last_name": "Сидоров", "phone": ""},
        {"last_name": "Сидоров", "phone": OTHER_PHONE},
        {"birth_date": date(2015, 7, 30)},
        {"birth_date": OTHER_DAY, "phone": ""},
        {"birth_date": date(1985, 3, 8), "phone": OTHER_PHONE},
    ],
)
def test_twins_namesakes_and_a_son_with_his_fathers_name_are_others(ivanov, typed):
    person = replace(IVANOV, **typed)
    assert doubles.of(person) == []
    assert register.add(person=person, by=make.TEST) != ivanov


def test_a_form_that_is_half_filled_in_is_enough(ivanov):
    assert doubles.like(last_name="Ивонов", first_name="петр", phone="+79215551234") == [ivanov]
    assert doubles.like(last_name="Ивонов", first_name="петр", birth_date=date(1985, 3, 7)) == [ivanov]
    assert doubles.like(last_name="Иванов", first_name="Пётр") == []
    assert doubles.like(last_name="Иванов", first_name="", phone="+79215551234") == []


def test_the_same_in_all_stands_before_the_nearly_same(ivanov):
    near = register.add(person=replace(IVANOV, last_name="Ивонов"), by=make.TEST, allow_namesake=True)
    assert doubles.of(IVANOV) == [ivanov, near]
    assert doubles.of(replace(IVANOV, last_name="Ивонов")) == [near, ivanov]


def test_one_statement_asks(ivanov, django_assert_num_queries):
    with django_assert_num_queries(1):
        doubles.of(IVANOV)

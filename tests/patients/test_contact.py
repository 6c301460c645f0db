"""The number to call and write to about a visit: one answer, in Python and in a statement."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from patients.contact import NUMBER, number_of, number_today
from tests import factories as make

pytestmark = pytest.mark.django_db

OWN, MOTHERS = "+79210001122", "+79215554433"
CASES = [
    ("", None, ""),
    (OWN, None, OWN),
    (OWN, "", OWN),
    (OWN, MOTHERS, MOTHERS),
    ("", MOTHERS, MOTHERS),
    ("", "", ""),
]
"""The patient's phone, the representative's (None where nobody acts), the number."""


def family(phone, acting):
    child = make.child(phone=phone)
    return child, None if acting is None else make.parent_of(child, phone=acting)


@pytest.mark.parametrize(("phone", "acting", "number"), CASES)
def test_the_number_is_that_of_whoever_acts(phone, acting, number):
    assert number_of(*family(phone, acting)) == number


def number_in_sql(patient):
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {NUMBER} FROM patients_patient patient LEFT JOIN patients_representation representation
            ON representation.patient_id = patient.id WHERE patient.id = %(patient)s""",
            {"patient": patient.pk} | number_today(),
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("phone", "acting", "number"), CASES)
def test_a_statement_finds_the_same_number(phone, acting, number):
    child, _acting = family(phone, acting)
    assert number_in_sql(child) == number


@pytest.mark.parametrize(("days", "number"), [(1, MOTHERS), (0, OWN), (-1, OWN)])
def test_d16_from_the_18th_birthday_on_the_number_is_the_own_one(days, number):
    young = make.patient(phone=OWN, birth_date=make.born(18, on=timezone.localdate() + timedelta(days=days)))
    mother = make.parent_of(young, phone=MOTHERS)
    assert (number_of(young, mother), number_in_sql(young)) == (number, number)


@pytest.mark.parametrize(("days", "number"), [(0, MOTHERS), (-1, OWN)])
def test_whoever_no_longer_acts_is_not_phoned(days, number):
    child, mother = family(OWN, MOTHERS)
    today = timezone.localdate()
    mother.valid_from, mother.valid_until = today - timedelta(days=9), today + timedelta(days=days)
    mother.save()
    assert (number_of(child, mother), number_in_sql(child)) == (number, number)


def test_a_number_read_back_from_the_table_is_the_one_that_was_given():
    child, mother = family(OWN, MOTHERS)
    child.refresh_from_db()
    mother.refresh_from_db()
    assert (number_of(child, None), number_of(child, mother)) == (OWN, MOTHERS)

"""The number to call and write to about a visit: one answer, in Python and in a statement."""

import pytest
from django.db import connection

from patients.contact import NUMBER, number_of
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


@pytest.mark.parametrize(("phone", "acting", "number"), CASES)
def test_a_statement_finds_the_same_number(phone, acting, number):
    child, _acting = family(phone, acting)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {NUMBER} FROM patients_patient patient LEFT JOIN patients_representation representation
            ON representation.patient_id = patient.id WHERE patient.id = %s""",
            [child.pk],
        )
        assert cursor.fetchone() == (number,)


def test_a_number_read_back_from_the_table_is_the_one_that_was_given():
    child, mother = family(OWN, MOTHERS)
    child.refresh_from_db()
    mother.refresh_from_db()
    assert (number_of(child, None), number_of(child, mother)) == (OWN, MOTHERS)

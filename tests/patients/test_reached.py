"""Who is phoned about a patient who waits: the number that the family has (K05)."""

import pytest

from patients.choices import Relation
from patients.queries.reached import Reached, reached
from tests import factories as make

pytestmark = pytest.mark.django_db
OWN, MOTHERS, GRANDMOTHERS = "+79210001122", "+79215554433", "+79217776655"


def test_an_adult_is_phoned_themselves():
    patient = make.patient(phone=OWN)
    make.parent_of(patient, phone=MOTHERS)
    assert reached(patient) == Reached(OWN)


def test_a_child_is_reached_by_who_acts_for_them():
    child = make.child(phone="")
    mother = make.parent_of(child, phone=MOTHERS)
    assert reached(child) == Reached(MOTHERS, mother)


def test_who_has_a_number_goes_before_who_has_none_and_the_legal_ones_first():
    child = make.child(phone="")
    make.parent_of(child, phone="")
    grandmother = make.parent_of(child, Relation.ATTORNEY, last_name="Лунина", phone=GRANDMOTHERS)
    assert reached(child) == Reached(GRANDMOTHERS, grandmother)
    mother = make.parent_of(child, phone=MOTHERS)
    assert reached(child) == Reached(MOTHERS, mother)


def test_the_number_in_the_record_of_a_child_is_good_where_nobody_has_another():
    child = make.child(phone=OWN)
    assert reached(child) == Reached(OWN)
    mother = make.parent_of(child, phone="")
    assert reached(child) == Reached(OWN, mother)


@pytest.mark.parametrize(("phone", "number"), [(OWN, OWN), ("", MOTHERS)])
def test_from_14_on_the_own_number_comes_first(phone, number):
    young = make.child(years=15, phone=phone)
    mother = make.parent_of(young, phone=MOTHERS)
    assert reached(young) == Reached(number, None if phone else mother)


def test_who_was_read_already_is_not_read_again(django_assert_num_queries):
    child = make.child(phone="")
    mother = make.parent_of(child, phone=MOTHERS)
    with django_assert_num_queries(0):
        assert reached(child, [mother]) == Reached(MOTHERS, mother)


def test_nobody_has_a_number():
    assert reached(make.child(phone="")) == Reached("")

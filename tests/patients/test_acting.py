"""Who acts for a patient on a day, and so who comes as what (R4, R5)."""

from datetime import date, timedelta

import pytest

from patients.acting import acting_on, comes_as
from patients.choices import Applicant, Relation
from patients.models import Patient, Representation

DAY = date(2027, 3, 1)
A_DAY = timedelta(days=1)


def aged(years):
    return Patient(birth_date=DAY.replace(year=DAY.year - years))


def acting(relation=Relation.PARENT, until=None):
    return Representation(relation=relation, valid_until=until)


@pytest.mark.parametrize("until", [None, DAY, DAY + A_DAY])
def test_whoever_represents_a_child_acts_to_the_last_day_of_their_term(until):
    mother = acting(until=until)
    assert acting_on(DAY, patient=aged(6), representation=mother) is mother


def test_after_that_day_nobody_acts():
    assert acting_on(DAY, patient=aged(6), representation=acting(until=DAY - A_DAY)) is None


def test_nobody_acts_from_the_18th_birthday_on():
    grown = aged(18)
    mother = acting()
    assert acting_on(DAY - A_DAY, patient=grown, representation=mother) is mother
    assert acting_on(DAY, patient=grown, representation=mother) is None


def test_nobody_acts_for_a_child_without_representatives():
    assert acting_on(DAY, patient=aged(6), representation=None) is None


@pytest.mark.parametrize(
    ("years", "representation", "case"),
    [
        (6, acting(), Applicant.LEGAL_REPRESENTATIVE),
        (6, acting(Relation.ATTORNEY), Applicant.OTHER_PERSON),
        (6, acting(Relation.ATTORNEY, until=DAY - A_DAY), Applicant.LEGAL_REPRESENTATIVE),
        (6, None, Applicant.LEGAL_REPRESENTATIVE),
        (14, acting(), Applicant.LEGAL_REPRESENTATIVE),
        (14, None, Applicant.PATIENT),
        (18, acting(Relation.ATTORNEY), Applicant.PATIENT),
        (30, None, Applicant.PATIENT),
    ],
)
def test_who_comes_with_the_papers_of_which_case(years, representation, case):
    assert comes_as(DAY, patient=aged(years), representation=representation) == case

"""K27, T81: what is told of a visit follows from the age on its day and from who comes."""

from datetime import date, timedelta

import pytest

from patients.choices import Relation
from patients.demandable import Demandable
from patients.instructions import instructions_for, told_of_minor
from patients.models import Patient, Representation

DAY = date(2027, 6, 4)
TOLD = {14: "до пятнадцати", 15: "с пятнадцати"}


@pytest.fixture(autouse=True)
def _sentences(settings):
    settings.TOLD_OF_MINORS = TOLD


@pytest.mark.parametrize(
    ("years", "sentence"),
    [(13, ""), (14, TOLD[14]), (15, TOLD[15]), (16, TOLD[15]), (17, TOLD[15]), (18, ""), (40, "")],
)
def test_each_age_from_the_birthday_on_has_its_sentence(years, sentence):
    birthday = DAY.replace(year=DAY.year - years)
    assert told_of_minor(birthday, DAY) == sentence
    assert told_of_minor(birthday, DAY + timedelta(days=364)) == sentence


@pytest.mark.parametrize(("days", "sentence"), [(-1, ""), (0, TOLD[14])])
def test_the_birthday_itself_counts(days, sentence):
    assert told_of_minor(DAY.replace(year=DAY.year - 14), DAY + timedelta(days=days)) == sentence


def test_a_clinic_may_say_nothing(settings):
    settings.TOLD_OF_MINORS = {}
    assert told_of_minor(DAY.replace(year=DAY.year - 15), DAY) == ""


@pytest.mark.parametrize(
    ("years", "relation", "papers"),
    [
        (40, None, "паспорт или документ, его заменяющий"),
        (15, None, "паспорт или документ, его заменяющий"),
        (6, Relation.PARENT, "паспорт или документ, его заменяющий; свидетельство о рождении ребёнка"),
        (6, None, "паспорт или документ, его заменяющий; свидетельство о рождении ребёнка"),
        (18, Relation.PARENT, "паспорт или документ, его заменяющий"),
    ],
)
def test_the_papers_are_a_list_to_read_out(years, relation, papers):
    """Also for a small child of whom nobody has said yet who comes."""
    patient = Patient(birth_date=DAY.replace(year=DAY.year - years))
    acts = Representation(patient=patient, relation=relation, valid_from=DAY) if relation else None
    told = instructions_for(DAY, patient=patient, representation=acts)
    assert (told.papers, len(told.bring)) == (papers, papers.count(";") + 1)


def test_a_person_with_a_power_of_attorney_brings_all_three():
    patient = Patient(birth_date=DAY.replace(year=DAY.year - 6))
    acts = Representation(patient=patient, relation=Relation.ATTORNEY, valid_from=DAY)
    assert tuple(instructions_for(DAY, patient=patient, representation=acts).bring) == tuple(Demandable)

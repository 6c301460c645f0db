"""Those who may come to a time that is being talked about: the one who is named, else whoever acts, and one of 14."""

from datetime import date, timedelta

from back_office.presenters.applicants import Applicants
from patients.choices import Relation
from patients.models import Patient, Representation

DAY = date(2027, 6, 4)


def born(years: int) -> Patient:
    return Patient(birth_date=DAY.replace(year=DAY.year - years))


def acting(patient: Patient, relation: Relation = Relation.PARENT, **columns: object) -> Representation:
    return Representation(patient=patient, relation=relation, last_name="Орлова", valid_from=DAY, **columns)


def values(applicants: Applicants, day: date = DAY) -> list[str]:
    return [each.value for each in applicants.on(day)]


def test_who_is_named_comes_and_nobody_is_asked():
    child = born(6)
    named = Applicants(child, acting(child), [acting(child)])
    assert (values(named), named.asks_who(DAY)) == ([""], False)


def test_who_no_longer_acts_that_day_is_asked_about_again():
    child = born(6)
    other = acting(child, Relation.ADOPTER)
    applicants = Applicants(child, acting(child, valid_until=DAY - timedelta(days=1)), [other])
    assert (values(applicants), applicants.asks_who(DAY)) == ([str(other.pk)], True)


def test_the_legal_representatives_come_first_and_a_patient_of_14_before_them():
    for years, alone in ((13, []), (14, [""])):
        patient = born(years)
        nanny, mother = acting(patient, Relation.ATTORNEY), acting(patient)
        assert values(Applicants(patient, others=[nanny, mother])) == [*alone, str(mother.pk), str(nanny.pk)]


def test_of_a_grown_up_nobody_is_asked():
    patient = born(18)
    applicants = Applicants(patient, acting(patient), [acting(patient)])
    assert (values(applicants), applicants.asks_who(DAY)) == ([""], False)
    assert applicants.asks_who(DAY - timedelta(days=1)) is False, "the mother is named and acts the day before"


def test_of_a_small_child_whom_nobody_represents_it_is_told_what_a_representative_brings():
    (expected,) = Applicants(born(6)).on(DAY)
    assert (expected.value, expected.told.bring) == ("", ("identity", "birth_certificate"))

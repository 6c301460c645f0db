"""The papers that a visit still lacks: the matrix without those that were seen before or are shown now (R3–R7)."""

from datetime import date

import pytest

from patients.actions import arrivals, papers
from patients.choices import Applicant, Channel, Relation
from patients.data import PowerData
from patients.demandable import Demandable
from patients.errors import DocumentNotDemandable
from patients.queries.papers import missing
from tests import factories as make
from tests.factories.visits import BIRTH_CERTIFICATE, PASSPORT

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
ALL = tuple(Demandable)


@pytest.fixture(autouse=True)
def _papers_of_strangers():
    """Another adult and another child have shown everything: that is nobody else's paper."""
    show(make.patient(), PASSPORT)
    other = make.child()
    show(other, PASSPORT, BIRTH_CERTIFICATE, acting=make.parent_of(other))


def show(patient, *seen, acting=None):
    applicant = Applicant.LEGAL_REPRESENTATIVE if acting else Applicant.PATIENT
    papers.record(
        patient=patient, seen=seen, by=make.TEST, representation=acting, applicant=applicant, channel=Channel.REGISTRY
    )


def of(patient, acting=None, seen=()):
    return missing(DAY, patient=patient, representation=acting, seen=seen)


def power(**term):
    return PowerData(principal_name="Орлова", signed_on=date(2027, 1, 1), **term)


def test_an_adult_lacks_a_passport_until_it_was_seen():
    adult = make.patient()
    assert of(adult) == (Demandable.IDENTITY,)
    assert of(adult, seen=[PASSPORT]) == ()
    show(adult, PASSPORT)
    assert of(adult) == ()


def test_a_child_lacks_the_passport_of_who_acts_and_a_certificate_of_its_own():
    child = make.child()
    mother = make.parent_of(child)
    assert of(child, mother) == (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE)
    assert of(child, mother, seen=[BIRTH_CERTIFICATE]) == (Demandable.IDENTITY,)
    show(child, PASSPORT, BIRTH_CERTIFICATE, acting=mother)
    assert of(child, mother) == ()
    assert of(child, make.parent_of(child, first_name="Анна")) == (Demandable.IDENTITY,)


def test_a_passport_of_a_minor_is_no_birth_certificate():
    minor = make.child(years=15)
    show(minor, PASSPORT)
    assert of(minor, make.parent_of(minor)) == (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE)


@pytest.mark.parametrize(
    ("until", "lacking"), [(DAY, ()), (date(2027, 2, 28), (Demandable.POWER_OF_ATTORNEY,))], ids=["in force", "over"]
)
def test_a_power_of_attorney_counts_while_it_is_in_force(until, lacking):
    child = make.child()
    aunt = make.parent_of(child, Relation.ATTORNEY, power=power(valid_until=until))
    assert of(child, aunt, seen=[PASSPORT, BIRTH_CERTIFICATE]) == lacking


def test_what_is_not_of_the_matrix_is_refused_by_name():
    with pytest.raises(DocumentNotDemandable) as refused:
        of(make.patient(), seen=[PASSPORT, BIRTH_CERTIFICATE])
    assert refused.value.args == ({Demandable.BIRTH_CERTIFICATE},)


@pytest.mark.parametrize(("seen", "verified"), [([PASSPORT, BIRTH_CERTIFICATE], True), ([PASSPORT], False)])
def test_who_acts_is_verified_by_all_papers_of_the_day(seen, verified):
    child = make.child()
    mother = make.parent_of(child)
    entry = arrivals.record(DAY, patient=child, representation=mother, seen=seen, by=make.TEST)
    mother.refresh_from_db()
    assert (entry.applicant, entry.representation) == (Applicant.LEGAL_REPRESENTATIVE, mother)
    assert (mother.verified_at is not None) == verified

"""Reads about people for the screens: their representatives, callers, papers shown."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from patients.actions import papers
from patients.choices import Applicant, Channel, DocumentKind, Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.models import Representation
from patients.queries import people
from tests import factories as make

pytestmark = pytest.mark.django_db

PHONE = "+79210001122"
POWER = PowerData(principal_name="Орлова", signed_on=date(2026, 1, 10), valid_until=date(2027, 1, 9))


@pytest.fixture
def child():
    return make.child(phone="")


def ended(representation):
    Representation.objects.filter(pk=representation.pk).update(valid_until=timezone.localdate())
    return representation


def both_ways(child):
    """On the page of a patient, and where one is chosen."""
    _patient, acting = people.with_representatives(child.pk)
    return list(people.representatives(child)), acting


def test_those_who_act_stand_in_the_order_of_relation_and_surname(child):
    nanny = make.parent_of(child, Relation.ATTORNEY, POWER, last_name="Ли", first_name="Инна")
    mother = make.parent_of(child, last_name="Ясная")
    father = make.parent_of(child, last_name="Абаев", first_name="Пётр")
    for acting in both_ways(child):
        assert acting == [nanny, father, mother]
        assert [one.power_of_attorney is not None for one in acting] == [True, False, False]
        assert acting[0].power_of_attorney.valid_until == POWER.valid_until
        assert {one.patient for one in acting} == {child}


def test_who_no_longer_acts_is_not_shown_and_calls_for_nobody(child):
    ended(make.parent_of(child, phone=PHONE))
    make.parent_of(make.child(), phone="+79215550000")
    assert both_ways(child) == ([], [])
    assert people.callers(PHONE) == []


def test_nobody_is_one_patient():
    make.patient()
    assert (people.one(uuid4()), people.with_representatives(uuid4())) == (None, None)


def test_a_patient_without_representatives_is_found_all_the_same(child):
    assert people.with_representatives(child.pk) == (child, [])


def test_callers_stand_by_age_then_by_name_each_once(child):
    mother = make.patient(phone=PHONE, birth_date=date(1990, 5, 17), last_name="Орлова")
    aunt = make.patient(phone=PHONE, birth_date=date(1990, 5, 17), last_name="Абаева")
    make.patient(phone="+79215550000")
    make.parent_of(child, phone=PHONE)
    make.parent_of(child, Relation.GUARDIAN, phone=PHONE)
    assert people.callers(PHONE) == [aunt, mother, child]


def test_a_screen_of_callers_has_an_end():
    for number in range(people.CALLERS + 1):
        make.patient(phone=PHONE, birth_date=date(1950 + number, 1, 1))
    found = people.callers(PHONE)
    assert [patient.birth_date.year for patient in found] == list(range(1950, 1950 + people.CALLERS))


def test_documents_are_the_current_ones_in_order_without_their_numbers(django_assert_num_queries):
    patient = make.patient()
    for number in ("4015 123456", "4020 654321"):
        seen = [Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number=number)]
        papers.record(patient=patient, applicant=Applicant.PATIENT, channel=Channel.REGISTRY, seen=seen, by=make.TEST)
    military = [Seen(document=Demandable.IDENTITY, kind=DocumentKind.MILITARY_ID, number="АБ 1234567")]
    papers.record(patient=patient, applicant=Applicant.PATIENT, channel=Channel.REGISTRY, seen=military, by=make.TEST)
    with django_assert_num_queries(1):
        shown = list(people.documents(patient))
    assert [document.masked for document in shown] == ["•••• 4567", "•••• 4321"]
    assert {name for document in shown for name in document.get_deferred_fields()} == {"number"}
    assert list(people.documents(make.patient())) == []

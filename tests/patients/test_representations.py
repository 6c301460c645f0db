"""Representations: one row for one person, with what was last said and shown."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from foundation.audit.models import AuditEvent
from patients.actions import representations
from patients.choices import Relation, SeenAs
from patients.data import PowerData
from patients.models import PowerOfAttorney, Representation
from tests import factories as make

pytestmark = pytest.mark.django_db

PHONE = "+79215554433"
POWER = PowerData(
    principal_name="Орлова Мария Ивановна",
    signed_on=date(2026, 1, 10),
    valid_until=date(2027, 1, 9),
    notary="Ли И. И., Санкт-Петербург",
    register_number="78/123-н/78-2026-4-567",
    seen_as=SeenAs.CERTIFIED_COPY,
)


@pytest.fixture
def child():
    return make.child()


@pytest.fixture
def mother(child):
    return make.parent_of(child)


def record(child, who=None, **given):
    return representations.record(patient=child, who=who or make.representative(), by=make.TEST, **given)


def recorded():
    return AuditEvent.objects.filter(action="representation.recorded").count()


def test_a_new_person_is_known_by_word_of_mouth_from_today_on(child):
    who = make.representative(Relation.GUARDIAN, phone=PHONE)
    made = record(child, who)
    made.refresh_from_db()
    assert (made.patient, made.relation, made.phone.as_e164) == (child, Relation.GUARDIAN, PHONE)
    assert made.full_name == f"{who.last_name} {who.first_name} {who.patronymic}"
    assert (made.valid_from, made.valid_until) == (timezone.localdate(), None)
    assert (made.verified_at, made.power_of_attorney, made.person) == (None, None, None)
    event = AuditEvent.objects.get(action="representation.recorded")
    assert (event.actor, event.patient, event.object_ref) == (make.TEST.ref, child.pk, str(made.pk))


def test_the_same_person_in_any_case_is_the_same_row_and_is_written_down_once(child, mother):
    shouted = make.representative(last_name="ОРЛОВА", first_name="мария", patronymic="ИвановнА")
    assert record(child, shouted) == mother
    assert (Representation.objects.count(), recorded()) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"relation": Relation.GUARDIAN},
        {"last_name": "Орлов"},
        {"first_name": "Марина"},
        {"patronymic": "Игоревна"},
        {"patronymic": ""},
    ],
)
def test_any_other_name_or_relation_is_another_person(child, mother, other):
    assert record(child, replace(make.representative(), **other)) != mother
    assert (Representation.objects.count(), recorded()) == (2, 2)


def test_the_mother_of_two_children_is_a_row_for_each(child, mother):
    assert record(make.child()) != mother


def test_who_no_longer_acts_is_recorded_anew(child, mother):
    Representation.objects.update(valid_until=timezone.localdate())
    assert record(child) != mother


def test_a_phone_that_is_given_replaces_the_one_before_and_silence_does_not(child, mother):
    record(child, make.representative(phone=PHONE))
    record(child, make.representative(phone=""))
    mother.refresh_from_db()
    assert mother.phone.as_e164 == PHONE


def test_the_record_of_the_representative_is_linked_when_it_is_known(child, mother):
    own = make.patient(last_name="Орлова")
    record(child, person=own)
    record(child)
    mother.refresh_from_db()
    assert mother.person == own


@pytest.mark.parametrize("shown_later", [False, True])
def test_a_power_of_attorney_is_kept_as_it_was_shown(child, shown_later):
    nanny = make.parent_of(child, Relation.ATTORNEY, None if shown_later else POWER)
    if shown_later:
        assert representations.record_power(representation=nanny, power=POWER, by=make.TEST) == nanny
    nanny.refresh_from_db()
    kept = nanny.power_of_attorney
    assert {name: getattr(kept, name) for name in PowerData.__slots__} == {
        name: getattr(POWER, name) for name in PowerData.__slots__
    }
    assert kept.seen_by == make.TEST.ref
    assert kept.seen_at <= timezone.now()


@pytest.mark.parametrize("changed", [{"valid_until": date(2028, 1, 9)}, {"seen_as": SeenAs.ORIGINAL}, {"notary": ""}])
def test_another_power_of_attorney_takes_the_place_and_the_first_is_kept(child, changed):
    nanny = make.parent_of(child, Relation.ATTORNEY, POWER)
    first = nanny.power_of_attorney
    representations.record_power(representation=nanny, power=replace(POWER, **changed), by=make.TEST)
    nanny.refresh_from_db()
    assert nanny.power_of_attorney != first
    assert PowerOfAttorney.objects.count() == 2


def test_the_power_of_a_known_attorney_is_recorded_with_them(child):
    """The word alone changes nothing and is not written down again; the paper is."""
    nanny = make.parent_of(child, Relation.ATTORNEY)
    make.parent_of(child, Relation.ATTORNEY)
    assert recorded() == 1
    assert make.parent_of(child, Relation.ATTORNEY, POWER) == nanny
    assert recorded() == 2
    nanny.refresh_from_db()
    assert nanny.power_of_attorney.register_number == POWER.register_number


def test_the_same_power_shown_twice_is_one_paper_and_two_lines_of_the_audit(child):
    nanny = make.parent_of(child, Relation.ATTORNEY, POWER)
    representations.record_power(representation=nanny, power=POWER, by=make.TEST)
    assert (PowerOfAttorney.objects.count(), recorded()) == (1, 2)


@pytest.mark.parametrize("relation", Relation)
def test_all_but_an_attorney_act_by_law(child, relation):
    assert make.parent_of(child, relation).is_legal == (relation != Relation.ATTORNEY)

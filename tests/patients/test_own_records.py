"""Whoever acts for a patient and has a record of their own is one person: right in one place is right in the other."""

from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

import booking
from foundation.audit.models import AuditEvent
from foundation.changes import Changes, as_text
from patients.errors import MergedMeanwhile
from patients.models import IdentityDocument, Patient, Representation
from patients.queries import families, people
from scheduling.queries.find_people import find
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = "+79215550101", "+79215550202", "+79215550303"
migration = import_module("patients.migrations.0013_link_own_records")


@pytest.fixture
def person():
    return make.patient(phone=OLD)


@pytest.fixture
def acting(person):
    return make.parent_of(make.child(), phone=OLD)


def link(acting, person):
    booking.link_representative(representation=acting, person=person, by=make.TEST)


def correct(person, **columns):
    booking.correct_patient(patient=person, changes=Changes(columns), by=make.TEST)


def correct_acting(acting, **columns):
    booking.correct_representative(representation=acting, changes=Changes(columns), by=make.TEST)


def read(row):
    return type(row).objects.get(pk=row.pk)


def phones(*rows):
    return [as_text(read(row).phone) for row in rows]


# Whose record it may be


def test_the_same_name_and_number_propose_the_record(acting, person):
    assert families.own_records([acting]) == {acting.pk: [person]}


@pytest.mark.parametrize(
    ("changed", "proposed"),
    [
        ({"patronymic": ""}, True),
        ({"last_name": "ОРЛОВА"}, True),
        ({"phone": OTHER}, False),
        ({"phone": ""}, False),
        ({"first_name": "Марина"}, False),
        ({"patronymic": "Петровна"}, False),
    ],
    ids=str,
)
def test_who_is_proposed(acting, person, changed, proposed):
    correct(person, **changed)
    assert bool(families.own_records([acting])) is proposed


def test_the_same_document_proposes_the_record_whatever_the_number(acting, person):
    correct(person, phone=OTHER)
    make.document("4015 123456", representation=acting)
    assert families.own_records([acting]) == {}
    make.document("4015 123456", patient=person)
    assert families.own_records([acting]) == {acting.pk: [person]}


def test_nobody_is_proposed_as_their_own_child_or_as_a_part_or_once_they_are_known(acting, person):
    child = make.patient(phone=OLD)
    of_namesake = make.parent_of(child, phone=OLD)
    assert families.own_records([of_namesake]) == {of_namesake.pk: [person]}
    booking.merge_patients(kept=make.patient(), merged=person, chosen=[], by=make.TEST)
    assert families.own_records([of_namesake]) == {}
    link(acting, child)
    assert families.own_records([read(acting)]) == {}


def test_without_anybody_unknown_nothing_is_asked(acting, person, django_assert_num_queries):
    link(acting, person)
    acting = read(acting)
    with django_assert_num_queries(0):
        families.own_records([acting])


# One person


def test_a_corrected_number_is_right_in_both_places(acting, person):
    link(acting, person)
    correct(person, phone=NEW)
    assert phones(acting, person) == [NEW, NEW]
    correct_acting(read(acting), phone=OTHER)
    assert phones(acting, person) == [OTHER, OTHER]


def test_a_corrected_name_is_right_wherever_the_person_acts_and_found_by_it(acting, person):
    brother = make.parent_of(make.child(first_name="Пётр"), phone=OLD)
    for each in (acting, brother):
        link(each, person)
    correct_acting(read(acting), last_name="Соколова")
    assert [read(row).search_name for row in (acting, brother, person)] == ["соколова мария ивановна"] * 3
    assert [each.patient for each in find("соколова мария").people].count(person) == 1
    told = AuditEvent.objects.filter(details__changed__last_name=["Орлова", "Соколова"])
    assert sorted(told.values_list("action", flat=True)) == [
        "patient.corrected",
        "representation.corrected",
        "representation.corrected",
    ]


def test_the_search_finds_the_person_and_the_child_once_each(acting, person):
    link(acting, person)
    for typed in ("орлова мария", "5550101"):
        found = [each.patient for each in find(typed).people]
        assert sorted(found, key=str) == sorted([person, acting.patient], key=str), typed
    assert sorted(people.callers(OLD), key=str) == sorted([person, acting.patient], key=str)


def test_a_number_that_only_one_of_them_has_is_known_to_both(acting, person):
    correct(person, phone="")
    link(acting, person)
    assert phones(acting, person) == [OLD, OLD]
    other = make.parent_of(make.child(first_name="Пётр"), phone="")
    link(other, person)
    assert phones(other) == [OLD]


def test_two_numbers_stay_two_until_somebody_makes_them_one(acting, person):
    correct(person, phone=OTHER)
    link(acting, person)
    assert phones(acting, person) == [OLD, OTHER]
    correct(person, phone=NEW)
    assert phones(acting, person) == [OLD, NEW]
    correct_acting(read(acting), phone=NEW)
    correct(person, phone=OTHER)
    assert phones(acting, person) == [OTHER, OTHER]


def test_a_number_with_which_who_is_joined_comes_again_is_right_in_all_places(acting, person):
    brother = make.parent_of(make.child(first_name="Пётр"), phone=OLD)
    for each in (acting, brother):
        link(each, person)
    booking.represent(patient=acting.patient, who=make.representative(phone=NEW), by=make.TEST)
    assert phones(acting, person, brother) == [NEW, NEW, NEW]
    told = AuditEvent.objects.filter(details__changed__phone=[OLD, NEW]).values_list("action", "patient")
    assert sorted(told, key=str) == sorted(
        [
            ("patient.corrected", person.pk),
            ("representation.corrected", acting.patient_id),
            ("representation.corrected", brother.patient_id),
        ],
        key=str,
    )


def test_the_calls_about_all_for_whom_they_act_follow_the_number_with_which_they_come_again(acting, person):
    brother = make.parent_of(make.child(first_name="Пётр"), phone=OLD)
    for each in (acting, brother):
        link(each, person)
    surgery = make.specialty("Хирургия")
    entries = [make.entry(surgery, who=who) for who in (person, brother.patient)]
    type(entries[1]).objects.filter(pk=entries[1].pk).update(representation=brother)
    tasks = [make.task(of=entry.patient, subject=entry.pk, phone=OLD) for entry in entries]
    booking.represent(patient=acting.patient, who=make.representative(phone=NEW), by=make.TEST)
    assert phones(*tasks) == [NEW, NEW]


def test_once_parted_each_is_corrected_alone(acting, person):
    link(acting, person)
    for _press in range(2):
        link(read(acting), None)
    correct(person, phone=NEW)
    assert phones(acting, person) == [OLD, NEW]
    steps = AuditEvent.objects.filter(action__in=["representation.linked", "representation.parted"]).order_by("id")
    assert [step.action for step in steps] == ["representation.linked", "representation.parted"]


def test_who_acts_no_longer_keeps_the_number_of_then(acting, person):
    link(acting, person)
    Representation.objects.filter(pk=acting.pk).update(valid_until=timezone.localdate())
    correct(person, phone=NEW)
    assert phones(acting, person) == [OLD, NEW]


def test_a_part_is_nobodys_own_record(acting, person):
    booking.merge_patients(kept=make.patient(), merged=person, chosen=[], by=make.TEST)
    with pytest.raises(MergedMeanwhile):
        link(acting, person)


def test_the_calls_about_the_child_follow_the_corrected_number(acting, person):
    entry = make.entry(make.specialty("Хирургия"), who=acting.patient)
    type(entry).objects.filter(pk=entry.pk).update(representation=acting)
    task = make.task(of=acting.patient, subject=entry.pk, phone=OLD)
    link(acting, person)
    correct(person, phone=NEW)
    assert phones(task) == [NEW]


def test_a_number_chosen_in_a_merge_is_right_where_the_person_acts_and_goes_back_with_it(acting, person):
    link(acting, person)
    double = make.patient(phone=NEW)
    of_double = make.parent_of(make.child(first_name="Пётр"), phone=NEW)
    link(of_double, double)
    merged = booking.merge_patients(kept=person, merged=double, chosen=["phone"], by=make.TEST).merge
    assert phones(acting, of_double, person) == [NEW, NEW, NEW]
    booking.undo_merge(merge=merged.pk, by=make.TEST)
    assert phones(acting, of_double, person, double) == [OLD, NEW, OLD, NEW]


def test_the_card_knows_for_whom_the_person_acts(acting, person):
    link(acting, person)
    assert [row.patient for row in families.acts_for(person)] == [acting.patient]


# Those on record before


def migrated():
    with connection.cursor() as cursor:
        cursor.execute(migration.LINK)


def test_the_same_document_under_the_same_name_joined_those_on_record(acting, person):
    make.document("4015 123456", representation=acting)
    make.document("4015 123456", patient=person)
    migrated()
    assert read(acting).person == person


@pytest.mark.parametrize("but", ["another name", "another kind", "replaced", "no number", "ended"])
def test_what_is_not_certain_was_left_to_people(acting, person, but):
    number = "" if but == "no number" else "4015 123456"
    make.document(number, representation=acting)
    own = make.document(number, patient=person)
    match but:
        case "another name":
            correct(person, first_name="Марина")
        case "another kind":
            IdentityDocument.objects.filter(pk=own.pk).update(kind="foreign_passport")
        case "replaced":
            IdentityDocument.objects.filter(pk=own.pk).update(replaced_at=timezone.now())
        case "no number":
            IdentityDocument.objects.update(number_index="")
        case "ended":
            Representation.objects.filter(pk=acting.pk).update(valid_until=timezone.localdate())
    migrated()
    assert (read(acting).person, Patient.objects.count()) == (None, 2)

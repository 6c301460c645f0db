"""Every constraint of `patients`, violated behind the actions' back."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from patients.choices import DocumentKind, Relation, SeenAs
from patients.models import IdentityDocument, Patient, PatientMerge, PowerOfAttorney, RegistryEntry, Representation
from tests import factories as make
from tests.constraints import Cases, same_number, violates

pytestmark = pytest.mark.django_db


def patient(**columns):
    Patient.objects.filter(pk=make.patient().pk).update(**columns)


def representation(**columns):
    made = make.parent_of(make.child())
    Representation.objects.filter(pk=made.pk).update(**columns)
    return made


def power(**columns):
    columns = {"signed_on": date(2026, 1, 1), "valid_until": date(2026, 12, 31)} | columns
    return PowerOfAttorney.objects.create(
        principal_name="Орлова Мария", seen_as=SeenAs.ORIGINAL, seen_at=timezone.now(), seen_by="staff:1", **columns
    )


def document(**owner):
    return IdentityDocument.objects.create(
        kind=DocumentKind.RF_PASSPORT, seen_as=SeenAs.ORIGINAL, seen_at=timezone.now(), seen_by="staff:1", **owner
    )


def twice(**owner):
    document(**owner)
    document(**owner)


def merge(**columns):
    columns = {"kept": make.patient(), "merged": make.patient(), "by": "staff:1", "by_name": "Иванова"} | columns
    return PatientMerge.objects.create(**columns)


def merged_twice():
    merged = make.patient()
    merge(merged=merged)
    merge(merged=merged)


def merged_into_itself():
    there = make.patient()
    merge(kept=there, merged=there)


def entry(**columns):
    columns = {"patient": make.patient(), "channel": "registry", "by": "staff:1", "by_name": "Иванова"} | columns
    return RegistryEntry.objects.create(**columns)


CASES: Cases = {
    "registry_entry_names_other_adult": lambda: entry(applicant="patient", applicant_name="Доверова Вера"),
    "patient_card_number_unique": lambda: [patient(card_number="М-1") for _ in range(2)],
    "patient_birth_date_in_past": lambda: patient(birth_date=timezone.localdate() + timedelta(days=1)),
    "patient_with_birth_date": lambda: same_number(make.patient(), make.patient()),
    "patient_merged_into_another": lambda: patient(merged_into=F("id")),
    "merge_of_two_records": merged_into_itself,
    "merge_once": merged_twice,
    "merge_undone_by_someone": lambda: merge(undone_at=timezone.now()),
    "patient_named": lambda: patient(first_name=""),
    "power_of_attorney_term": lambda: power(valid_until=date(2025, 12, 31)),
    "representation_not_self": lambda: representation(person=F("patient")),
    "representation_attorney_has_power": lambda: representation(
        relation=Relation.ATTORNEY, verified_at=timezone.now(), verified_by="staff:1"
    ),
    "representation_only_attorney_has_power": lambda: representation(power_of_attorney=power()),
    "representation_term": lambda: representation(valid_until=F("valid_from") - timedelta(days=1)),
    "representation_verified_by_someone": lambda: representation(verified_at=timezone.now()),
    "document_has_one_owner": lambda: document(patient=make.patient(), representation=representation()),
    "document_one_current_of_patient": lambda: twice(patient=make.patient()),
    "document_one_current_of_representative": lambda: twice(representation=representation()),
}
APPEND_ONLY = ["patients_registryentry", "patients_dataconsent"]


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with violates(name):
        CASES[name]()


def test_a_document_belongs_to_somebody():
    with violates("document_has_one_owner"):
        document()


def test_nobody_was_born_in_the_nineteenth_century():
    with violates("patient_birth_date_in_past"):
        patient(birth_date=date(1899, 12, 31))


def test_a_replaced_document_makes_room_for_the_next():
    who = make.patient()
    old = document(patient=who)
    IdentityDocument.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
    document(patient=who)
    assert who.documents.count() == 2


def test_a_family_shares_a_phone():
    phone = make.patient().phone
    make.patient(phone=str(phone))
    assert Patient.objects.filter(phone=phone).count() == 2

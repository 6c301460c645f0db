"""Reads of people who are both: they act for a patient, and have a record of their own."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.text.folding import fold
from patients.models import IdentityDocument, Patient, Representation

OwnRecords = dict[UUID, list[Patient]]
"""The records that may be of each representative, by the representation."""


def of_record(person: Patient) -> list[Patient]:
    """Returns the person and the patients for whom they act by their own record: one number may be of all of them."""
    return [person, *(row.patient for row in acts_for(person))]


def of_patient(patient: Patient) -> list[Patient]:
    """Returns the patient, those who act for them by their own record, and all for whom these act."""
    by_record = patient.representations.filter(person__isnull=False, valid_until=None).select_related("person")
    return [patient, *(each for row in by_record if row.person for each in of_record(row.person))]


def acts_for(person: Patient) -> QuerySet[Representation]:
    rows = Representation.objects.filter(person=person, valid_until=None)
    return rows.select_related("patient").order_by("patient__birth_date", "pk")


def own_records(representations: Sequence[Representation]) -> OwnRecords:
    """Returns which records may be of those who are joined with none: the same name, and the same phone or document.

    A patronymic that is missing is no difference. Nobody's own record is the patient's.
    """
    unknown = [row for row in representations if row.person_id is None]
    if not unknown:
        return {}
    owners = _owners_of_the_same_documents(unknown)
    phones = [row.phone for row in unknown if row.phone]
    found = Patient.objects.filter(Q(phone__in=phones) | Q(pk__in=set().union(*owners.values())), merged_into=None)
    records = list(found.order_by("pk"))
    may_be = {row.pk: [record for record in records if _may_be(row, record, owners)] for row in unknown}
    return {pk: people for pk, people in may_be.items() if people}


def _owners_of_the_same_documents(rows: Sequence[Representation]) -> dict[UUID, set[UUID]]:
    """Returns the patients who have shown the same document, by the representation."""
    current = IdentityDocument.objects.filter(replaced_at=None).exclude(number_index="")
    documents = current.filter(representation__in=rows).defer("number")
    shown = {(each.kind, index): each.representation_id for each in documents for index in each.indexes}
    owners: dict[UUID, set[UUID]] = {}
    if shown:
        same = current.filter(number_index__in=[number for _kind, number in shown], patient__isnull=False)
        for owner, kind, number in same.values_list("patient_id", "kind", "number_index"):
            if owner and (row := shown.get((kind, number))):
                owners.setdefault(row, set()).add(owner)
    return owners


def _may_be(row: Representation, record: Patient, owners: dict[UUID, set[UUID]]) -> bool:
    known = (row.phone and row.phone == record.phone) or record.pk in owners.get(row.pk, set())
    return bool(known) and record.pk != row.patient_id and _same_name(row, record)


def _same_name(row: Representation, record: Patient) -> bool:
    same = [fold(getattr(row, name)) == fold(getattr(record, name)) for name in ("last_name", "first_name")]
    patronymics = {fold(row.patronymic), fold(record.patronymic)} - {""}
    return all(same) and len(patronymics) < 2

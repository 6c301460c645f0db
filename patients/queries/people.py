"""Reads of patients, their representatives and their documents for the screens."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.database.read_models import ReadModel, columns, nested_columns
from foundation.database.rows import fetch, fetch_first
from patients.models import (
    IdentityDocument,
    Patient,
    PersonSearch,
    PowerOfAttorney,
    RegistryEntry,
    Representation,
)
from patients.queries import readings

CALLERS = 20
"""How many people of one number a screen shows at most."""
WHOLE = 10
"""Digits of a number of the country without its code."""


MEANT = "(SELECT coalesce(named.merged_into_id, named.id) FROM patients_patient named WHERE named.id = {named})"
"""The key of the record that stands for the named one: an address from before a merge leads to it."""


def one(pk: UUID) -> Patient | None:
    """Returns the patient of this key; for a record that became part of another one, that one."""
    meant = MEANT.format(named="%s")
    sql = f"SELECT {columns(Patient, 'patient')} FROM patients_patient patient WHERE patient.id = {meant}"
    return fetch_first(Patient, sql, [pk])


def records_of(pk: UUID) -> list[UUID]:
    """Returns the record and those that became part of it."""
    return list(Patient.objects.filter(Q(pk=pk) | Q(merged_into=pk)).values_list("pk", flat=True))


def with_representatives(pk: UUID) -> tuple[Patient, list[Representation]] | None:
    """Returns a patient with those who act for them now, in one statement."""
    rows = fetch(_PatientWithOne, _WITH_REPRESENTATIVES, [pk])
    if not rows:
        return None
    patient, acting = rows[0].patient, []
    for row in rows:
        if representation := row.representation:
            representation.patient, representation.power_of_attorney = patient, row.power
            acting.append(representation)
    return patient, acting


@dataclass(frozen=True, slots=True, kw_only=True)
class _PatientWithOne(ReadModel):
    """A patient beside one of their representatives."""

    patient: Patient
    representation: Representation | None
    power: PowerOfAttorney | None


_WITH_REPRESENTATIVES = f"""
    SELECT {nested_columns(patient=Patient, representation=Representation, power=PowerOfAttorney)}
    FROM patients_patient patient
    LEFT JOIN patients_representation representation
        ON representation.patient_id = patient.id AND representation.valid_until IS NULL
    LEFT JOIN patients_powerofattorney power ON power.id = representation.power_of_attorney_id
    WHERE patient.id = {MEANT.format(named="%s")}
    ORDER BY representation.relation, representation.search_name COLLATE "C"
"""


def callers(phone: str) -> list[Patient]:
    """Returns whom this number may be calling about in one query: its owners, and the patients they act for."""
    found = PersonSearch.objects.filter(key=readings.phone_key(phone)).values("patient_id")
    return list(Patient.objects.filter(pk__in=found).order_by("birth_date", "search_name")[:CALLERS])


def with_part_of_number(digits: str) -> list[Patient]:
    """Returns whom a number may be calling about that has these digits in a row; of nine one may be missing."""
    backwards = digits[::-1]
    ways = [backwards]
    if len(digits) == WHOLE - 1:
        ways += [f"{backwards[:place]}.{backwards[place:]}" for place in range(1, len(digits))]
    phones = PersonSearch.objects.filter(key__gte=">", key__lt="?", key__regex="|".join(ways))
    found = phones.values("patient_id")
    return list(Patient.objects.filter(pk__in=found).order_by("search_name", "birth_date")[:CALLERS])


def representatives(patient: Patient) -> QuerySet[Representation]:
    return (
        Representation.objects.filter(patient=patient, valid_until=None)
        .select_related("power_of_attorney")
        .order_by("relation", "search_name")
    )


def registry_entries(patient: Patient) -> QuerySet[RegistryEntry]:
    """Returns the newest entry first."""
    return (
        RegistryEntry.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient))
        .select_related("representation")
        .order_by("-at")
    )


def documents(patient: Patient) -> QuerySet[IdentityDocument]:
    """Returns the current documents without their numbers: a screen shows the mask."""
    return IdentityDocument.objects.filter(patient=patient, replaced_at=None).defer("number").order_by("kind")

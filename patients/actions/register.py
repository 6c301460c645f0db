"""`register.add(...)`: the patient register. Each function is one transaction with its audit row."""

from dataclasses import dataclass
from typing import Any

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch, fetch_values
from patients import queries
from patients.choices import MisState
from patients.data import PersonData
from patients.errors import SamePersonExists
from patients.models import Patient


@writes.atomic
def add(*, person: PersonData, by: Actor, allow_namesake: bool = False) -> Patient:
    """A new record. Raises SamePersonExists: search comes first, so that there are no doubles (R9).

    `allow_namesake` is the registrar's word that this is another person with the same name and birth date.
    """
    known = _known(_KNOWN_BY_NAME, person)
    if known.patient and not allow_namesake:
        raise SamePersonExists(known.patient)
    return _new(person, known.number or _next_number(), by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(ReadModel):
    patient: Patient | None
    number: int | None
    """Of the card a new record would have; None beside a patient."""


@writes.atomic
def find_or_add(*, person: PersonData, by: Actor, known: Known | None = None) -> Patient:
    """For the site and the waitlist, where nobody can look: the same name, birth date and phone is the same person.

    Without the same phone a new record is made: a stranger who knows a name must not reach another's record (T43).
    `known` is what the caller has read of this person already, by `KNOWN_BY_PHONE`.
    """
    known = known or _known(KNOWN_BY_PHONE, person)
    return known.patient or _new(person, known.number or _next_number(), by=by)


@writes.atomic
def correct(*, patient: Patient, person: PersonData, by: Actor) -> Patient:
    """Puts the record right. The audit row names the changed columns, not their contents."""
    changed = [name for name, value in _columns(person).items() if getattr(patient, name) != value]
    for name in changed:
        setattr(patient, name, getattr(person, name))
    if changed:
        patient.save(update_fields=changed)
        trail.record(by=by, action="patient.corrected", patient=patient.pk, fields=changed)
    return patient


def _columns(person: PersonData) -> dict[str, object]:
    return {name: getattr(person, name) for name in PersonData.__slots__}


def _new(person: PersonData, number: int, *, by: Actor) -> Patient:
    patient = Patient(card_number=f"М-{number:06d}", **_columns(person))
    # The built-in register is the clinic's MIS until another is connected: our card number is the record there.
    patient.mis_client_id, patient.mis_state = patient.card_number, MisState.SYNCED
    writes.insert(patient)
    trail.record(by=by, action="patient.registered", patient=patient.pk)
    return patient


def _known(sql: str, person: PersonData) -> Known:
    (known,) = fetch(Known, sql, asked_by(person))
    return known


def asked_by(person: PersonData) -> dict[str, Any]:
    name = queries.fold(f"{person.last_name} {person.first_name} {person.patronymic}")
    return {"names": [name, name + " "], "birth_date": person.birth_date, "phone": person.phone}


_KNOWN = f"""
    SELECT {nested_columns(patient=Patient)},
        CASE WHEN patient.id IS NULL THEN nextval('patients_card_number') END AS number
    FROM (SELECT) once LEFT JOIN (
        SELECT * FROM patients_patient
        WHERE search_name = ANY(%(names)s) AND birth_date = %(birth_date)s {{narrowed}} ORDER BY id LIMIT 1
    ) patient ON true
"""
_KNOWN_BY_NAME = _KNOWN.format(narrowed="")
KNOWN_BY_PHONE = _KNOWN.format(narrowed="AND phone = %(phone)s AND phone <> ''")
"""The record of this name, birth date and phone, else a number for a new one: one row."""


def _next_number() -> int:
    number: int
    (number,) = fetch_values("SELECT nextval('patients_card_number')")
    return number

"""Finds the record of a person who says who they are, or reserves the card number of a new record."""

from dataclasses import dataclass
from typing import Any

from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch, fetch_values
from patients.data import PersonData
from patients.models import Patient
from patients.queries.spellings import spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(ReadModel):
    patient: Patient | None
    number: int | None
    """The card number that a new record would have; None beside a patient."""


def by_name(person: PersonData) -> Known:
    """Finds the record of this name and birth date."""
    return _known(_BY_NAME, person)


def by_phone(person: PersonData) -> Known:
    """Finds the record of this name, birth date and phone."""
    return _known(BY_PHONE, person)


def next_number() -> int:
    number: int
    (number,) = fetch_values("SELECT nextval('patients_card_number')")
    return number


def parameters_of(person: PersonData) -> dict[str, Any]:
    """Returns the parameters of `BY_PHONE`."""
    names = spellings(f"{person.last_name} {person.first_name} {person.patronymic}")
    stored = [name + end for name in names for end in ("", " ")]
    return {"names": stored, "birth_date": person.birth_date, "phone": person.phone}


def _known(sql: str, person: PersonData) -> Known:
    (found,) = fetch(Known, sql, parameters_of(person))
    return found


_KNOWN = f"""
    SELECT {nested_columns(patient=Patient)},
        CASE WHEN patient.id IS NULL THEN nextval('patients_card_number') END AS number
    FROM (SELECT) once LEFT JOIN (
        SELECT * FROM patients_patient
        WHERE search_name = ANY(%(names)s) AND birth_date = %(birth_date)s {{narrowed}} ORDER BY id LIMIT 1
    ) patient ON true
"""
_BY_NAME = _KNOWN.format(narrowed="")
BY_PHONE = _KNOWN.format(narrowed="AND phone = %(phone)s AND phone <> ''")
"""A subquery of one row, for a statement that reads something else as well."""

"""Finds the record of a person who says who they are, or reserves the card number of a new record."""

from dataclasses import dataclass
from typing import Any

from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch, fetch_values
from foundation.text.folding import fold
from foundation.text.names import full_name
from patients.data import PersonData
from patients.models import Patient
from patients.queries.readings import LAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(ReadModel):
    patient: Patient | None
    number: int | None
    """The card number that a new record would have; None beside a patient."""


def by_phone(person: PersonData) -> Known:
    """Finds the record of this name, birth date and phone; where one of the two has no patronymic, the rest counts."""
    (found,) = fetch(Known, BY_PHONE, parameters_of(person))
    return found


def next_number() -> int:
    number: int
    (number,) = fetch_values("SELECT nextval('patients_card_number')")
    return number


def parameters_of(person: PersonData) -> dict[str, Any]:
    """Returns the parameters of `BY_PHONE`."""
    last_name, first_name, patronymic = person.last_name, person.first_name, person.patronymic
    name, without = fold(full_name(last_name, first_name, patronymic)), fold(full_name(last_name, first_name))
    return {
        "name": name,
        "without": without,
        "with_any": "" if patronymic else f"{without} ",
        "after_any": "" if patronymic else f"{without} {LAST}",
        "birth_date": person.birth_date,
        "phone": person.phone,
    }


BY_PHONE = f"""
    SELECT {nested_columns(patient=Patient)},
        CASE WHEN patient.id IS NULL THEN nextval('patients_card_number') END AS number
    FROM (SELECT) once LEFT JOIN (
        SELECT coalesce(merged_into_id, id) AS meant FROM patients_patient
        WHERE (
            search_name COLLATE "C" IN (%(name)s, %(without)s)
            OR search_name COLLATE "C" >= %(with_any)s AND search_name COLLATE "C" < %(after_any)s
        ) AND birth_date = %(birth_date)s AND phone = %(phone)s AND phone <> ''
        ORDER BY search_name <> %(name)s, id LIMIT 1
    ) known ON true LEFT JOIN patients_patient patient ON patient.id = known.meant
"""
"""A subquery of one row, for a statement that reads something else as well."""

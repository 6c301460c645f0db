"""The lines «это он?» beside a new record: whom the register may know already (R9, K04)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foundation.text import phones
from patients.models import Patient

Onward = Callable[[UUID], str]
"""Where the way leads with the patient who is chosen."""


@dataclass(frozen=True, slots=True)
class Double:
    pk: UUID
    full_name: str
    birth_date: date
    card_number: str
    last_digits: str
    onward: str


@dataclass(frozen=True, slots=True)
class DoublesPart:
    doubles: list[Double]

    @classmethod
    def of(cls, found: Iterable[Patient], onward: Onward) -> "DoublesPart":
        return cls([_double(patient, onward) for patient in found])


def _double(patient: Patient, onward: Onward) -> Double:
    return Double(
        pk=patient.pk,
        full_name=patient.full_name,
        birth_date=patient.birth_date,
        card_number=patient.card_number,
        last_digits=phones.last_digits(str(patient.phone)),
        onward=onward(patient.pk),
    )

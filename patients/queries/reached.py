"""Finds whom to phone about a patient who has no visit yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from patients.ages import OWN_PASSPORT, is_minor
from patients.contact import number_of
from patients.models import Patient, Representation
from patients.queries import people


@dataclass(frozen=True, slots=True)
class Reached:
    """The number to phone, E.164 or empty where nobody of the family has one, and who answers for a child."""

    number: str
    representation: Representation | None = None


def reached(patient: Patient, acting: Iterable[Representation] | None = None) -> Reached:
    """Returns how to reach a patient: a child by those who act for them, the legal ones with a number first.

    From 14 on the own number comes first. `acting` are those who act now, if they were read already.
    """
    grown = patient.age >= OWN_PASSPORT and bool(patient.phone)
    if grown or not is_minor(patient.birth_date, timezone.localdate()):
        return Reached(number_of(patient, None))
    every = list(people.representatives(patient) if acting is None else acting)
    first = min(every, key=lambda each: (not each.phone, not each.is_legal), default=None)
    return Reached(number_of(patient, first), first)

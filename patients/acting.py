from datetime import date

from patients.ages import is_minor
from patients.models import Patient, Representation


def acting_on(day: date, *, patient: Patient, representation: Representation | None) -> Representation | None:
    """Returns who still acts for the patient on this day: nobody for an adult, and nobody whose term has ended."""
    if representation is None or not is_minor(patient.birth_date, day):
        return None
    ended = representation.valid_until is not None and representation.valid_until < day
    return None if ended else representation

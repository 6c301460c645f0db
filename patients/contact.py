from datetime import date

from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from patients.acting import acting_on
from patients.ages import MAJORITY, latest_birth
from patients.models import Patient, Representation

NUMBER = """CASE
    WHEN patient.birth_date > %(adults_born_by)s
        AND (representation.valid_until IS NULL OR representation.valid_until >= %(today)s)
    THEN COALESCE(NULLIF(representation.phone, ''), patient.phone)
    ELSE patient.phone
END"""
"""The number of `number_of` today, as an expression in SQL with the parameters of `number_today`."""


def number_today() -> dict[str, date]:
    """Returns the parameters of `NUMBER`."""
    today = timezone.localdate()
    return {"adults_born_by": latest_birth(today, MAJORITY), "today": today}


def number_of(patient: Patient, representation: Representation | None) -> str:
    """Returns the number to call and write to, E.164 or empty: of whoever acts for a minor today, else the own."""
    acting = acting_on(timezone.localdate(), patient=patient, representation=representation)
    phone = (acting and acting.phone) or patient.phone
    return phone.as_e164 if isinstance(phone, PhoneNumber) else ""

from phonenumber_field.phonenumber import PhoneNumber

from patients.models import Patient, Representation

NUMBER = "COALESCE(NULLIF(representation.phone, ''), patient.phone)"
"""The number of `number_of`, as an expression in SQL."""


def number_of(patient: Patient, representation: Representation | None) -> str:
    """Returns the number to call and write to, E.164 or empty: a minor's representative's, else the patient's own."""
    phone = (representation and representation.phone) or patient.phone
    return phone.as_e164 if isinstance(phone, PhoneNumber) else ""

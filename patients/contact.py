from phonenumber_field.phonenumber import PhoneNumber

from patients.models import Patient, Representation

NUMBER = "COALESCE(NULLIF(representation.phone, ''), patient.phone)"
"""What `number_of` says, in a statement."""


def number_of(patient: Patient, representation: Representation | None) -> str:
    """Whom to call and write to, E.164 or empty: the representative of a minor, everybody else themselves."""
    phone = (representation and representation.phone) or patient.phone
    return phone.as_e164 if isinstance(phone, PhoneNumber) else ""

"""`register.add(...)`: the patient register. Each function is one transaction with its audit row."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from clinic import together
from clinic.accounts.actors import Actor
from clinic.audit import trail
from patients import queries
from patients.choices import MisState
from patients.errors import SamePersonExists
from patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """What a citizen says of himself. `phone` is E.164 or empty."""

    last_name: str
    first_name: str
    patronymic: str = ""
    birth_date: date
    sex: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


@together.atomic
def add(*, person: PersonData, by: Actor, allow_namesake: bool = False) -> Patient:
    """A new record. Raises SamePersonExists: search comes first, so that there are no doubles (R9).

    `allow_namesake` is the registrar's word that this is another person with the same name and birth date.
    """
    if not allow_namesake and (namesake := queries.same_person(person=person)):
        raise SamePersonExists(namesake)
    patient = Patient(card_number=_next_card_number(), **_columns(person))
    # The built-in register is the clinic's MIS until another is connected: our card number is the record there.
    patient.mis_client_id, patient.mis_state = patient.card_number, MisState.SYNCED
    together.insert(patient)
    trail.record(by=by, action="patient.registered", patient=patient.pk)
    return patient


@together.atomic
def find_or_add(*, person: PersonData, by: Actor) -> Patient:
    """For the site and the waitlist, where nobody can look: the same name, birth date and phone is the same person.

    Without the same phone a new record is made: a stranger who knows a name must not reach another's record (T43).
    """
    known = queries.same_person(person=person, phone=person.phone)
    return known or add(person=person, by=by, allow_namesake=True)


@together.atomic
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


def _next_card_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('patients_card_number')")
        return f"М-{cursor.fetchone()[0]:06d}"

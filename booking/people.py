"""Use cases of the patient register: patients and the people who act for them."""

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.actions import register, representations
from patients.data import PersonData, PowerData, RepresentativeData
from patients.models import Patient, Representation


@verb(Kind.BESIDE)
def add_patient(*, person: PersonData, by: Actor, allow_namesake: bool = False) -> Patient:
    """Adds a patient to the register (R9).

    Raises SamePersonExists, unless the registrar says with `allow_namesake` that this is another person.
    """
    return register.add(person=person, by=by, allow_namesake=allow_namesake)


@verb(Kind.CORRECT)
def correct_patient(*, patient: Patient, person: PersonData, by: Actor) -> Patient:
    """Corrects the data of a patient's record."""
    gate.check()
    return register.correct(patient=patient, person=person, by=by)


@verb(Kind.CORRECT)
def represent(
    *, patient: Patient, who: RepresentativeData, by: Actor, power: PowerData | None = None
) -> Representation:
    """Records who acts for a patient from now on, by word of mouth until the papers are seen.

    The same person recorded again is the same row.
    """
    gate.check()
    return representations.record(patient=patient, who=who, power=power, by=by)

"""The patient register, and who acts for whom."""

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.actions import register, representations
from patients.data import PersonData, PowerData, RepresentativeData
from patients.models import Patient, Representation


@verb(Kind.BESIDE)
def add_patient(*, person: PersonData, by: Actor, allow_namesake: bool = False) -> Patient:
    """A new record (R9). Raises SamePersonExists, unless the registrar says that this is another person."""
    return register.add(person=person, by=by, allow_namesake=allow_namesake)


@verb(Kind.CORRECT)
def correct_patient(*, patient: Patient, person: PersonData, by: Actor) -> Patient:
    """Puts the record right."""
    gate.ask()
    return register.correct(patient=patient, person=person, by=by)


@verb(Kind.CORRECT)
def represent(
    *, patient: Patient, who: RepresentativeData, by: Actor, power: PowerData | None = None
) -> Representation:
    """Who acts for a patient from now on, by word of mouth until the papers are seen. The same person is one row."""
    gate.ask()
    return representations.record(patient=patient, who=who, power=power, by=by)

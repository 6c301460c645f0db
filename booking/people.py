"""Use cases of the patient register: patients and the people who act for them."""

from dataclasses import dataclass
from datetime import date

from booking import gate, rebook_tasks, task_numbers
from booking.holding import BrokenVisit
from booking.reaching import family_of, follow_number
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.changes import Changes
from patients.actions import own_records, register, representations
from patients.choices import EndReason
from patients.data import PersonData, PowerData, RepresentativeData
from patients.models import Patient, Representation
from patients.queries import families
from scheduling.models import Appointment


@verb(Kind.BESIDE)
def add_patient(*, person: PersonData, by: Actor, allow_namesake: bool = False) -> Patient:
    """Adds a patient to the register (R9).

    Raises SamePersonExists, unless the registrar says with `allow_namesake` that this is another person.
    """
    return register.add(person=person, by=by, allow_namesake=allow_namesake)


@verb(Kind.CORRECT)
def correct_patient(*, patient: Patient, changes: Changes, by: Actor) -> list[BrokenVisit]:
    """Corrects columns of a patient's record; with another birth date the visits ahead are judged anew.

    Calls to be made and a message that was not delivered follow to the number of now. Returns the visits that no longer
    hold; each of them has a task to phone. Raises ChangedMeanwhile.
    """
    gate.check()
    family = families.of_record(patient)
    to_phone = task_numbers.claimed_by(*family)
    edited = register.correct(patient=patient, changes=changes, by=by)
    follow_number(family, to_phone, by=by)
    return _judged_anew(patient) if "birth_date" in edited else []


@dataclass(frozen=True, slots=True)
class Represented:
    """The representative as they are recorded, and the patient's visits ahead that do not hold with them."""

    representation: Representation
    broken: list[BrokenVisit]


@verb(Kind.CORRECT)
def represent(*, patient: Patient, who: RepresentativeData, by: Actor, power: PowerData | None = None) -> Represented:
    """Records who acts for a patient from now on, by word of mouth until the papers are seen.

    The same person recorded again is the same row. With another power of attorney the visits ahead are judged anew.
    """
    gate.check()
    family = families.of_patient(patient)
    to_phone = task_numbers.claimed_by(*family)
    recorded = representations.record(patient=patient, who=who, power=power, by=by)
    follow_number(family, to_phone, by=by)
    return Represented(recorded, _judged_anew(patient) if power else [])


@verb(Kind.CORRECT)
def correct_representative(
    *, representation: Representation, changes: Changes, by: Actor, power: Changes | None = None
) -> list[BrokenVisit]:
    """Corrects who acts for a patient: the name, the relation, the phone, and `power`, what an attorney has shown.

    Calls to be made and a message that was not delivered follow to the number of now. Returns the visits that no longer
    hold; each of them has a task to phone. Raises ChangedMeanwhile.
    """
    gate.check()
    family = family_of(representation, representation.person)
    to_phone = task_numbers.claimed_by(*family)
    representations.correct(representation=representation, changes=changes, power=power, by=by)
    follow_number(family, to_phone, by=by)
    return _judged_anew(representation.patient)


@verb(Kind.CORRECT)
def link_representative(*, representation: Representation, person: Patient | None, by: Actor) -> None:
    """Records that a representative is the `person` of this record, or nobody who has one.

    From then on a name or a number that is corrected in one place is right in the other. Raises MergedMeanwhile.
    """
    gate.check()
    family = family_of(representation, person)
    to_phone = task_numbers.claimed_by(*family)
    own_records.link(representation=representation, person=person, by=by)
    follow_number(family, to_phone, by=by)


@verb(Kind.CORRECT)
def end_representation(
    *, representation: Representation, last_day: date, reason: EndReason, by: Actor
) -> list[BrokenVisit]:
    """Records that somebody acts for a patient no longer than `last_day`; who acted until then stays known.

    Returns the visits that do not hold without them; each has a task to phone. Raises TermNotPossible.
    """
    gate.check()
    to_phone = task_numbers.claimed_by(representation.patient)
    representations.end(representation=representation, last_day=last_day, reason=reason, by=by)
    follow_number([representation.patient], to_phone, by=by)
    return _judged_anew(representation.patient)


def _judged_anew(patient: Patient) -> list[BrokenVisit]:
    return rebook_tasks.renew_for(Appointment.objects.filter(patient=patient))

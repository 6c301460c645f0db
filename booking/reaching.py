"""A number that is corrected or said is the one at which a family is phoned and written to from then on."""

from collections.abc import Collection

from django.utils import timezone

from booking import task_numbers, tell_tasks
from foundation.accounts.actors import Actor
from foundation.changes import Changes
from patients.acting import acting_on
from patients.actions import register, representations
from patients.models import Patient, Representation
from patients.queries import families
from scheduling.models import Appointment
from waitlist import numbers as waitlist
from waitlist.actions import entries
from worklist.actions.numbers import Keys


def family_of(representation: Representation, person: Patient | None) -> list[Patient]:
    """Returns whom a number of this representative may be of: the patient, the person, and all for whom they act."""
    return [representation.patient, *(families.of_record(person) if person else ())]


def lock_visits(patients: Collection[Patient]) -> None:
    """Locks the visits of these patients, which come before tasks in the order of locks."""
    visits = Appointment.objects.select_for_update().filter(patient__in=patients).order_by("pk")
    list(visits.values_list("pk"))


def follow_number(patients: Collection[Patient], to_phone: Keys, *, by: Actor) -> None:
    """Sends to the number of now what was not delivered to another one, and has it phoned from now on."""
    lock_visits(patients)
    for entry in waitlist.corrected(patients):
        entries.number_corrected(entry, by=by)
    task_numbers.follow(to_phone)
    tell_tasks.follow_number(Appointment.objects.filter(patient__in=patients), by=by)


def give_number(*, patient: Patient, representation: Representation | None, phone: str, by: Actor) -> None:
    """Records the number that was said of who acts for the patient, else of the patient, where nobody had one.

    Raises ChangedMeanwhile when somebody has recorded another number since.
    """
    changes = Changes({"phone": phone}, seen={})
    acting = acting_on(timezone.localdate(), patient=patient, representation=representation)
    family = family_of(acting, acting.person) if acting else families.of_record(patient)
    to_phone = task_numbers.claimed_by(*family)
    if acting:
        representations.correct(representation=acting, changes=changes, power=None, by=by)
    else:
        register.correct(patient=patient, changes=changes, by=by)
    follow_number(family, to_phone, by=by)

"""Keeps the number that was said for a patient whom nobody could phone."""

from django.utils import timezone

from booking import task_numbers, tell_tasks
from foundation.accounts.actors import Actor
from foundation.changes import Changes
from patients.acting import acting_on
from patients.actions import register, representations
from patients.models import Patient, Representation
from scheduling.models import Appointment


def give_number(*, patient: Patient, representation: Representation | None, phone: str, by: Actor) -> None:
    """Records the number of who acts for the patient, else of the patient; calls and messages go there.

    Raises ChangedMeanwhile when somebody has recorded another number since.
    """
    to_phone = task_numbers.claimed_by(patient)
    if acting := acting_on(timezone.localdate(), patient=patient, representation=representation):
        representations.give_number(representation=acting, phone=phone, by=by)
    else:
        register.correct(patient=patient, changes=Changes({"phone": phone}, seen={}), by=by)
    task_numbers.follow(to_phone)
    tell_tasks.follow_number(Appointment.objects.filter(patient=patient), by=by)

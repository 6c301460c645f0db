"""Work that the demo clinic leaves to be begun: each who phones has a call open, and an emergency rings."""

from django.utils import timezone

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.changes import Changes
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from worklist.models import Task


def begin_work() -> None:
    """The operator phones about a freed time, the registrar about an absence, the head about a broken rule."""
    booking.open_emergency(by=make.TEST)
    free, stranded, broken = make.slots_of(make.shift(make.doctor(room=make.room("Смотровая")), days=3, slots=3))
    offer = make.offer(make.entry(free.doctor.specialties.get()), free)
    phoning.claim(offer=offer.pk, by=on_the_phone(Role.OPERATOR))
    phone_about(against_the_rules(make.appointment(broken)), Role.HEAD)
    visit = make.appointment(stranded, of=make.patient(first_name="Вера", phone="+79210003344"))
    make.absence(visit.doctor, visit.starts_at, visit.ends_at)
    phone_about(visit, Role.REGISTRAR)


def on_the_phone(role: Role):
    return staff(User.objects.get(role=role))


def against_the_rules(visit: Appointment) -> Appointment:
    """The patient comes to be a child: nobody acts at the visit although somebody could."""
    make.parent_of(visit.patient)
    born = make.born(5, on=timezone.localdate())
    booking.correct_patient(patient=visit.patient, changes=Changes({"birth_date": born}), by=make.TEST)
    return visit


def phone_about(visit: Appointment, role: Role) -> None:
    task = Task.objects.get(subject=visit.pk, state="open")
    booking.claim_task(task=task.pk, by=on_the_phone(role))

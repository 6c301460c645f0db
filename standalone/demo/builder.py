"""Builds the whole demo clinic in one transaction, or nothing of it."""

import random
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from foundation.accounts.actors import Actor, staff, system
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit import trail
from patients.choices import Channel
from patients.models import Patient
from scheduling.models import Appointment, Doctor, Slot
from standalone.demo import days, logins, papers, people, queue, reference, visits
from standalone.demo.logins import DEMO_LOGINS
from waitlist.models import WaitlistEntry

SEED = 317


@dataclass(frozen=True)
class Made:
    doctors: int
    patients: int
    slots: int
    appointments: int
    waiting: int


class DataExists(Exception):
    """The demo needs an empty database."""


def has_data() -> bool:
    return any(model.objects.exists() for model in (User, Doctor, Patient))


def build() -> Made:
    """Fills the database with the demo clinic. Raises DataExists."""
    with transaction.atomic():
        made = _build()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def _build() -> Made:
    if has_data():
        raise DataExists
    rng, now = random.Random(SEED), timezone.now()
    today = timezone.localdate(now)
    users = {user.role: user for user in logins.build(DEMO_LOGINS)}
    by = {role: staff(user) for role, user in users.items()}
    doctors = reference.build(doctor_login=users[Role.DOCTOR], first_day=days.term(today)[0], today=today)
    shifts = days.build(doctors=doctors, today=today, now=now, by=by[Role.SCHEDULE_ADMIN])
    crowd = people.build(rng=rng, today=today, now=now, by=by[Role.REGISTRAR])
    book = visits.Visits(
        rng=rng,
        now=now,
        people=crowd,
        doctors={doctor.pk: doctor for doctor in doctors.values()},
        offers={doctor.pk: list(doctor.services.order_by("order")) for doctor in doctors.values()},
        staff=_by_channel(by),
        own_doctor=doctors[reference.OWN_LOGIN].pk,
    )
    visits.build(book, shifts)
    papers.build(appointments=book.appointments, by=by[Role.REGISTRAR])
    queue.build(rng=rng, now=now, people=crowd, doctors=doctors, appointments=book.appointments, by=by[Role.OPERATOR])
    trail.record(by=system("demo"), action="demo.built")
    return Made(
        doctors=len(doctors),
        patients=len(crowd.patients),
        slots=Slot.objects.count(),
        appointments=Appointment.objects.count(),
        waiting=WaitlistEntry.objects.filter(closed_at=None).count(),
    )


def _by_channel(by: dict[str, Actor]) -> dict[str, Actor]:
    return {
        Channel.REGISTRY: by[Role.REGISTRAR],
        Channel.PHONE: by[Role.OPERATOR],
        Channel.DOCTOR: by[Role.DOCTOR],
    }

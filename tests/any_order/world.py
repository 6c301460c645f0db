"""The small clinic in which everything happens: few people and few times, so that they meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import time_machine
from django.db.models import Model, QuerySet

import booking
from foundation.accounts.actors import Actor, site_visitor
from foundation.accounts.choices import Role
from foundation.errors import DomainError
from patients.models import Patient, Representation
from scheduling.models import Appointment, Doctor, Service, Slot
from tests import factories as make
from tests.factories.timetable import MOSCOW
from waitlist import matching
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.models import Task

M = TypeVar("M", bound=Model)
MORNING = datetime(2027, 3, 1, 8, tzinfo=MOSCOW)
"""A Monday, an hour before the first doctor begins."""


class NothingThere(DomainError):
    """A deed is about something that there is not now: it is not done, as one that is refused."""

    message = "Nothing is there."


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The people of the clinic, and whatever else a deed names by a number. Raises NothingThere."""

    services: Sequence[Service]
    doctors: Sequence[Doctor]
    patients: Sequence[Patient]
    mother: Representation
    desk: Sequence[Actor]
    operators: Sequence[Actor]
    visitors: Sequence[Actor]

    @property
    def location(self) -> UUID:
        """The only one."""
        return self.doctors[0].room.location_id

    def service(self, key: UUID) -> Service:
        return next(service for service in self.services if service.pk == key)

    def slot(self, number: int) -> Slot:
        return pick(Slot.objects.order_by("starts_at", "doctor__slug"), number)

    def visit(self, number: int, *statuses: str) -> Appointment:
        return pick(Appointment.objects.filter(status__in=statuses or ["booked"]).order_by("created_at"), number)

    def entry(self, number: int) -> WaitlistEntry:
        return pick(WaitlistEntry.objects.filter(closed_at=None).order_by("created_at"), number)

    def request(self, number: int) -> WaitlistRequest:
        return pick(WaitlistRequest.objects.order_by("created_at"), number)

    def offer(self, number: int) -> SlotOffer:
        """The newest first, also one that has ended: how a call about it ended is taken down all the same."""
        return pick(SlotOffer.objects.order_by("-created_at", "-pk"), number)

    def task(self, number: int) -> Task:
        return pick(Task.objects.filter(state="open", kind="rebook").order_by("created_at"), number)

    def mother_of(self, patient: Patient) -> Representation | None:
        return self.mother if patient == self.mother.patient else None


def pick(rows: QuerySet[M], number: int) -> M:
    """Returns the row of this number, counted round and round. Raises NothingThere."""
    if not (there := list(rows)):
        raise NothingThere
    return there[number % len(there)]


def made() -> World:
    """Makes a clinic in which something of everything has happened already, so that most deeds can be done at once.

    Two doctors have a morning of yesterday, of today and of tomorrow. There are a visit that is over, two ahead and one
    over a busy time, three people who wait, the offer of a freed time to the first of them, and a stranded visit.
    """
    world = people()
    short, doctors = world.services[0], world.doctors
    yesterday, *days = [make.slots_of(make.shift(doctor, days=days)) for days in (-1, 0, 1) for doctor in doctors][1:]
    with time_machine.travel(yesterday[0].starts_at - timedelta(hours=1)):
        make.seen(make.appointment(yesterday[0], of=world.patients[0], service=short))
    first, second, third, _last = days
    busy = make.appointment(first[1], of=world.patients[0], service=short)
    make.appointment(second[0], of=world.patients[2], service=short, representative=world.mother)
    make.overbooked(busy, patient=world.patients[3])
    left = make.appointment(first[2], of=world.patients[0], service=short)
    for who in world.patients[1:]:
        wishes, mother = make.wishes(short.specialty), world.mother_of(who)
        booking.join_waitlist(patient=who, wishes=wishes, representation=mother, none_suits=True, by=make.TEST)
    booking.cancel(appointment=left.pk, reason="patient", by=make.TEST)
    matching.match_freed()
    stranded = make.appointment(third[3], of=world.patients[0], service=short)
    make.absence(stranded.doctor, stranded.starts_at, stranded.ends_at)
    return world


def people() -> World:
    short, long = make.service(), make.service(name="Обследование", minutes=60)
    long.specialty = short.specialty
    long.save(update_fields=["specialty"])
    child = make.child()
    return World(
        services=[short, long],
        doctors=[make.doctor(short, long), make.doctor(short, last_name="Громов", first_name="Пётр")],
        patients=[make.patient(), make.patient(last_name="Сидорова"), child, make.patient(last_name="Яшин")],
        mother=make.parent_of(child),
        desk=[make.actor(Role.REGISTRAR), make.actor(Role.HEAD)],
        operators=[make.actor(Role.OPERATOR), make.actor(Role.OPERATOR)],
        visitors=[site_visitor(session="anna"), site_visitor(session="boris")],
    )


def later(minutes: int) -> datetime:
    """Returns a moment so many minutes after the first doctor begins."""
    return MORNING + timedelta(minutes=60 + minutes)

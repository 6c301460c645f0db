"""The clinic, its calendar, and the passing of its time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

import booking
from foundation.accounts.actors import Actor
from patients.ages import MAJORITY, age_on
from patients.choices import Channel
from patients.models import Patient
from scheduling.choices import CancelReason
from scheduling.models import Appointment, Doctor, Service, Slot
from standalone.demo.people import People

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7, 14)
"""Days of the second week; the first one is 0 to 6."""
NOW = (WEDNESDAY, "11:10")
"""The moment at which the database is dumped: the middle of a working day."""


@dataclass
class Clinic:
    first_day: date
    """A Monday."""
    by: dict[str, Actor]
    """Who works here, by login."""
    doctors: dict[str, Doctor]
    people: People
    reasons: Iterator[CancelReason] = field(default_factory=lambda: cycle(CancelReason))

    def __post_init__(self) -> None:
        """Puts adults in turn, so that nobody has two visits at once."""
        represented = {patient.pk for patient in self.people.representations}
        grown = [patient for patient in self.people.patients if patient.pk not in represented]
        self.adults = cycle([one for one in grown if age_on(one.birth_date, self.first_day) >= MAJORITY])

    def day(self, number: int) -> date:
        return self.first_day + timedelta(days=number)

    def moment(self, number: int, wall: str) -> datetime:
        return datetime.combine(self.day(number), time.fromisoformat(wall), MOSCOW)

    def at(self, number: int, wall: str) -> time_machine.travel:
        """Sets the clock to this day and hour inside the block."""
        return time_machine.travel(self.moment(number, wall))

    def free(self, doctor: str, first: int, last: int, *, after: str = "00:00") -> list[Slot]:
        """Returns free times of a doctor from the first day to the last, in order."""
        free = Slot.objects.filter(doctor=self.doctors[doctor]).free(self.moment(first, after))
        return list(free.filter(starts_at__range=(self.moment(first, after), self.moment(last, "23:59"))))

    def book(
        self, slot: Slot, *, patient: Patient | None = None, channel: Channel = Channel.PHONE, **more: Any
    ) -> Appointment:
        """Books by the operator on the phone or the registrar at the desk."""
        book = booking.by_phone if channel == Channel.PHONE else booking.at_desk
        return book(
            slot=slot.pk,
            patient=patient or next(self.adults),
            service=first_service(slot.doctor),
            by=self.by["operator" if channel == Channel.PHONE else "registrar"],
            **more,
        )

    def cancel(self, visit: Appointment) -> Appointment:
        return booking.cancel(appointment=visit.pk, reason=next(self.reasons), by=self.by["operator"])


def first_service(doctor: Doctor) -> Service:
    return doctor.services.order_by("order")[0]

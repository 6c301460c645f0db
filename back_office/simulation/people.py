"""The people on the waitlist of a simulation: their wishes, their numbers, whether they answer and say yes."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import Enum
from itertools import product
from random import Random
from uuid import UUID

import booking
from back_office.simulation.clinic import VISITOR, Clinic, Rows
from back_office.simulation.clock import DAY, HOUR, day_at, hours, minute_of
from back_office.simulation.world import VISITS, World, slot_minutes
from foundation.changes import as_text
from patients.models import Patient
from scheduling.models import Slot
from waitlist.wishes import WishData

WEEKDAYS = 4
"""Weekdays that a person names."""
FIRST_HOURS = [9 * 60 + 40 * later for later in range(6)]
"""The minutes of the day at which the wished hours may begin."""
LENGTH = 11 * 40
"""The length of the wished hours, about seven tenths of a day."""
NUMBERS_KEPT = 200
EVEN = 0.30
"""The share of the times that fits each, where it is thrown."""


class Reply(Enum):
    """The end of a call."""

    YES = "yes"
    NO = "no"
    CALL_BACK = "call back"
    NO_ANSWER = "no answer"
    BUSY = "busy"


@dataclass(slots=True, eq=False)
class Waiting:
    """One person on the list."""

    entry: UUID
    patient: UUID
    rows: Rows
    phone: str
    for_month: bool = False
    """True for those who wait for the month that is published."""
    never: dict[UUID, bool] = field(default_factory=dict)
    """True for the times about which the person never answers."""
    refused: set[UUID] = field(default_factory=set)
    """Times the person has said no to."""
    wants: dict[UUID, bool] = field(default_factory=dict)
    """Times the person was asked about by message, and whether they would take them."""
    ready: set[UUID] = field(default_factory=set)
    """Times about which the person has said yes by message."""
    tries: int = 0
    missed: int = 0
    """Dials in a row without an answer; a busy line is none, as in the product."""
    most_missed: int = 0
    asked: int = 0
    settled_at: float | None = None


class People:
    """Everybody on the list, replaced when they leave."""

    def __init__(self, world: World, clinic: Clinic, chance: Random) -> None:
        self._world, self._clinic, self._chance = world, clinic, chance
        self._phones: list[str] = []
        self.on_list: dict[UUID, Waiting] = {}
        self.fits: list[float] = []
        """The share of the times of their specialty that fits each."""

    def join(self, rows: Rows, *, at: float, for_month: bool = False) -> Waiting:
        """Puts a new person on the list. What is free at the moment is among what they are phoned about."""
        patient = self._patient(alone=for_month)
        wishes = self._wishes(rows, at)
        entry = booking.join_waitlist(patient=patient, wishes=wishes, by=VISITOR, none_suits=True)
        phone = as_text(patient.phone)
        person = Waiting(entry=entry.pk, patient=patient.pk, rows=rows, phone=phone, for_month=for_month)
        self.on_list[entry.pk] = person
        self.fits.append(EVEN if self._world.even else share_that_fits(wishes, rows))
        return person

    def stays(self) -> float:
        """Draws for how many minutes somebody waits before they need no visit any more."""
        return self._chance.expovariate(1 / (self._world.life_days * DAY))

    def leave(self, person: Waiting) -> None:
        booking.remove_entry(entry=person.entry, reason="модель: визит больше не нужен", by=VISITOR)
        self.gone(person)

    def gone(self, person: Waiting) -> None:
        del self.on_list[person.entry]

    def reply(self, person: Waiting, times: list[Slot], *, now: datetime, answers: bool) -> tuple[Reply, Slot | None]:
        """Draws how a call about these times ends; `answers` when the person is on the line already."""
        world, chance = self._world, self._chance
        if not answers and not self._answers(person, times[0].pk):
            return (Reply.BUSY if chance.random() < world.busy else Reply.NO_ANSWER), None
        for number, slot in enumerate(times):
            if chance.random() < self._willing(person, slot, now) * self._of_later(person, slot, number):
                return Reply.YES, slot
        if chance.random() < world.call_back:
            return Reply.CALL_BACK, None
        person.refused.update(slot.pk for slot in times)
        return Reply.NO, None

    def read(self, person: Waiting, slot: Slot, *, now: datetime) -> float | None:
        """Draws what a person makes of a message about a time: minutes until they say yes; None when they do not."""
        person.wants[slot.pk] = self._chance.random() < self._accepts(slot, now)
        if not person.wants[slot.pk] or self._chance.random() >= self._world.replies:
            return None
        return 1 + self._chance.expovariate(1 / self._world.reply_after)

    def _willing(self, person: Waiting, slot: Slot, now: datetime) -> float:
        if slot.pk in person.refused:
            return 0.0
        if slot.pk in person.ready:
            return self._world.ready[1]
        return float(person.wants[slot.pk]) if slot.pk in person.wants else self._accepts(slot, now)

    def _of_later(self, person: Waiting, slot: Slot, number: int) -> float:
        """Returns the share of their willingness with which a later time of the call is taken that is news to them."""
        return self._world.later_times if number and slot.pk not in person.wants else 1.0

    def _answers(self, person: Waiting, slot: UUID) -> bool:
        world = self._world
        about = person.entry if person.for_month else slot
        if about not in person.never:
            person.never[about] = self._chance.random() < world.never
        if slot in person.ready:
            return self._chance.random() < world.ready[0]
        reached = min(1.0, world.answered / (1 - world.never))
        return not person.never[about] and self._chance.random() < reached

    def _accepts(self, slot: Slot, now: datetime) -> float:
        notice = minute_of(slot.starts_at) - minute_of(now)
        return self._world.accepted[0 if notice < DAY else 1 if notice < 2 * DAY else 2]

    def _patient(self, *, alone: bool) -> Patient:
        if self._phones and not alone and self._chance.random() < self._world.family:
            return self._clinic.patient(self._chance.choice(self._phones))
        patient = self._clinic.patient()
        if not alone:
            self._phones = [*self._phones, as_text(patient.phone)][-NUMBERS_KEPT:]
        return patient

    def _wishes(self, rows: Rows, at: float) -> WishData:
        if self._world.even:
            return WishData(specialty=rows.specialty, date_from=day_at(at))
        chance = self._chance
        named = (chance.choice(rows.doctors).pk,) if chance.random() < 0.5 else ()
        first = chance.choice(FIRST_HOURS)
        return WishData(
            specialty=rows.specialty,
            doctor_ids=named,
            date_from=day_at(at),
            weekdays=tuple(sorted(chance.sample(range(1, 8), WEEKDAYS))),
            time_from=time(*divmod(first, 60)),
            time_until=time(*divmod(first + LENGTH, 60)),
        )


def share_that_fits(wishes: WishData, rows: Rows) -> float:
    """Returns the share of the times of a week, of all doctors of the specialty, that fits these wishes."""
    first, last = _minutes(wishes.time_from), _minutes(wishes.time_until)
    fitting = 0
    for day, visit in product(range(7), range(VISITS)):
        opens, _closes = hours(day * DAY)
        begins = opens % DAY + visit * slot_minutes(opens)
        fitting += (
            day + 1 in (wishes.weekdays or range(1, 8)) and first <= begins and begins + rows.service.minutes <= last
        )
    doctors = len(wishes.doctor_ids or rows.doctors) / len(rows.doctors)
    return doctors * fitting / (7 * VISITS)


def _minutes(at: time) -> float:
    return at.hour * HOUR + at.minute

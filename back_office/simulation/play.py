"""Plays one world: visits are given back, people are looked for and phoned, visitors take what is free."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

import booking
import scheduling.tasks
import waitlist.tasks
from back_office.simulation.agenda import Agenda
from back_office.simulation.clinic import VISITOR, Clinic, Rows
from back_office.simulation.clock import DAY, HOUR, SimulatedClock, is_open, moment, next_open
from back_office.simulation.contact_centre import ContactCentre
from back_office.simulation.even import EvenWishes
from back_office.simulation.measures import Calls, Freed, Holds, Measures
from back_office.simulation.messages import Messages
from back_office.simulation.month import PublishedMonth
from back_office.simulation.people import People, Waiting
from back_office.simulation.world import VISITS, Cancellation, World, cancellations
from foundation.errors import DomainError
from scheduling.models import Slot
from waitlist.errors import EntryClosed
from waitlist.models import CallAttempt

SWEEP = 2
"""Minutes between two sweeps in calling hours; what happens between them wakes matching by itself."""
RECONCILED_EVERY = 120
"""Minutes between two reconciliations, which find what matching has missed; beat comes twelve times as often."""
TRY_AGAIN = 10
"""Minutes after which somebody leaves who is being phoned at the moment."""


@dataclass(frozen=True, slots=True)
class Chances:
    """One row of random numbers for each cause: a changed policy meets the same cancellations."""

    times: Random
    people: Random
    calls: Random
    visitors: Random
    fits: Random

    @classmethod
    def of(cls, seed: int) -> "Chances":
        return cls(*(Random(seed * 7919 + number) for number in range(5)))


class Play:
    """One simulation from its first minute to its last."""

    def __init__(self, world: World, clock: SimulatedClock) -> None:
        chances = Chances.of(world.seed)
        self.world, self.agenda, self.clinic = world, Agenda(clock), Clinic(world)
        self.people = People(world, self.clinic, chances.people)
        slots_of_week = VISITS * 7 * world.doctors
        self.measures = Measures(world, Holds(world, slots_of_week), Calls(world), 0.0)
        self.centre = ContactCentre(world, self.agenda, self.people, self.measures, chances.calls)
        self.centre.phoned, self.centre.booked, self.centre.changed = self._phoned, self._booked, self._settle
        self._cancelled = cancellations(world, chances.times)
        self._visitors = chances.visitors
        self._freed: dict[UUID, Freed] = {}
        self._even = EvenWishes(chances.fits) if world.even else None
        self.month = PublishedMonth(self)
        self.messages = Messages(self)
        self.told: Callable[[float, float], None] = lambda minute, seconds: None

    def run(self, *, within: timedelta | None = None) -> Measures:
        """Plays all days, or as many as pass `within` so much real time, and returns what was measured."""
        began = time.monotonic()
        for rows in self.clinic.specialties[: self.world.specialties]:
            for _ in range(self.world.waiting):
                self._join(rows.specialty.order)
        for cancellation in self._cancelled:
            self.agenda.at(cancellation.at, self._free, cancellation)
        self.centre.open(self.clinic.operators)
        self.agenda.at(next_open(0), self._sweep)
        self.month.announce()
        while self.agenda.now < self.world.is_over_at:
            self.agenda.play(until=min(self.agenda.now // DAY * DAY + DAY, self.world.is_over_at))
            took = time.monotonic() - began
            self.told(self.agenda.now, took)
            if within and took > within.total_seconds():
                self.measures.cut(self.agenda.now)
                break
        return self._measured(time.monotonic() - began)

    def match(self) -> float:
        """Runs matching and returns the CPU seconds that it took in this process."""
        began = time.process_time()
        waitlist.tasks.match_freed_slots()
        took = time.process_time() - began
        self.measures.matching += took
        return took

    def _measured(self, seconds: float) -> Measures:
        measures = self.measures
        measures.took = timedelta(seconds=round(seconds))
        measures.calls.recorded = CallAttempt.objects.count()
        measures.fitting = sum(self.people.fits) / len(self.people.fits)
        measures.freed = list(self._freed.values())
        for each in measures.freed:
            each.hidden = measures.holds.hidden[each.slot]
        self.month.measure()
        return measures

    def _join(self, specialty: int) -> None:
        rows = self.clinic.specialties[specialty]
        person = self.people.join(rows, at=self.agenda.now)
        if self._even:
            self._even.throw([person], self._still_free(rows))
        self.agenda.at(self.agenda.now + self.people.stays(), self._leave, person)

    def _leave(self, person: Waiting) -> None:
        if person.entry not in self.people.on_list:
            return
        try:
            self.people.leave(person)
        except EntryClosed:
            raise
        except DomainError:
            self.agenda.at(self.agenda.now + TRY_AGAIN, self._leave, person)
            return
        self._join(person.rows.specialty.order)

    def _free(self, cancellation: Cancellation) -> None:
        slot = self.clinic.free(cancellation)
        self._freed[slot.pk] = Freed(cancellation, slot.pk)
        if self._even:
            rows = self.clinic.specialties[cancellation.doctor % self.world.specialties]
            self._even.throw([each for each in self.people.on_list.values() if each.rows == rows], [slot])
        if self.world.public:
            self.agenda.at(self._next_visitor(), self._visit, slot)
        if self.world.message_first:
            self.messages.expect(self.agenda.now)
        self._settle()
        self.centre.work()

    def asked(self, slot: UUID) -> None:
        """Notes that people are asked about a time now."""
        freed = self._freed.get(slot)
        if freed and freed.asked_at is None:
            freed.asked_at = self.agenda.now
        self.measures.messages += 1

    def go_on(self) -> None:
        self._settle()
        self.centre.work()

    def _still_free(self, rows: Rows) -> list[Slot]:
        """Returns the times of a specialty that were given back and that nobody has."""
        there = [each.slot for each in self._freed.values() if each.taken_at is None]
        return list(Slot.objects.filter(pk__in=there, doctor__in=rows.doctors, starts_at__gt=moment(self.agenda.now)))

    def _next_visitor(self) -> float:
        return self.agenda.now + self._visitors.expovariate(self.world.public / HOUR)

    def _visit(self, slot: Slot) -> None:
        """Lets a visitor try to book a freed time; at night few look for one."""
        freed, now = self._freed[slot.pk], self.agenda.now
        if freed.taken_at is not None or now >= freed.cancellation.starts:
            return
        if self._visitors.random() < (1 if 7 <= now % DAY / HOUR < 23 else 0.1):
            rows = self.clinic.specialties[freed.cancellation.doctor % self.world.specialties]
            hidden = self.measures.holds.is_hidden(slot.pk, now)
            try:
                booking.by_phone(slot=slot.pk, service=rows.service, patient=self.clinic.patient(), by=VISITOR)
            except DomainError:
                self.measures.turned_away += hidden
            else:
                freed.taken_at = now
                self._settle()
                return
        self.agenda.at(self._next_visitor(), self._visit, slot)

    def _phoned(self, times: list[Slot]) -> None:
        for slot in times:
            freed = self._freed.get(slot.pk)
            if freed and freed.phoned_at is None:
                freed.phoned_at = self.agenda.now

    def _booked(self, person: Waiting, slot: Slot) -> None:
        self.people.gone(person)
        if freed := self._freed.get(slot.pk):
            freed.taken_at, freed.by_list = self.agenda.now, True
        if not person.for_month:
            self._join(person.rows.specialty.order)

    def _settle(self) -> None:
        """Does what follows at once from something that was freed, taken or told."""
        self.match()
        self.measures.holds.see(self.agenda.now)

    def _sweep(self) -> None:
        """Does what beat does, while somebody is there to phone."""
        now = self.agenda.now
        if is_open(now):
            self.centre.be_there()
            scheduling.tasks.release_lapsed_holds()
            waitlist.tasks.return_lapsed()
            if int(now) % RECONCILED_EVERY < SWEEP:
                waitlist.tasks.reconcile()
            if self.world.message_first:
                self.messages.send()
            self._settle()
            self.centre.work()
            self.agenda.at(now + SWEEP, self._sweep)
        else:
            self.agenda.at(next_open(now), self._open)

    def _open(self) -> None:
        self.centre.nobody_waits_on_the_line()
        self._sweep()

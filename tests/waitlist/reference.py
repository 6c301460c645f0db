"""Tells who is phoned about a freed time, and why each other is not, as a person with paper would (R23).

Nothing of the product's ranking is used: one wish after the other, one person after the other, in plain Python.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
ADULT = 18
GAIN = timedelta(days=1)
TRIES = 2
CONTACTS, CONTACT_TIME = 6, timedelta(days=7)


@dataclass(eq=False)
class Visit:
    """A visit that its patient has ahead."""

    pk: object
    service: object
    starts_at: datetime
    ends_at: datetime


@dataclass(eq=False)
class Person:
    """Somebody on the list, with all that is known of them."""

    entry: object
    born: date
    key: str
    """The number, by which a family is one."""
    visits: list[Visit]
    rests: bool
    """The number was dialled lately, or somebody is on the phone with it."""
    writes: bool
    """They have asked never to be phoned."""
    phoned_at: list[datetime]
    """When they were phoned about free times."""
    declined: set[object] = field(default_factory=set)
    not_reached: list[object] = field(default_factory=list)
    """The first slots of times about which nobody answered, one for each call."""

    @property
    def is_adult(self) -> bool:
        return _age(self.born, self.entry.date_from) >= ADULT


@dataclass(eq=False)
class Day:
    """The day of one doctor: the services in the order of the price list, and which slots nobody has."""

    doctor: object
    services: list[object]
    slots: list[object]
    free: set[object]
    now: datetime

    def room(self, start: object, minutes: int) -> list[object]:
        """Returns the slots that a visit takes which begins with this one; nothing when one of them is taken."""
        until = start.starts_at + timedelta(minutes=minutes)
        taken = [slot for slot in self.slots if start.starts_at <= slot.starts_at < until]
        unbroken = all(slot.ends_at == later.starts_at for slot, later in pairwise(taken))
        whole = taken[-1].ends_at >= until and unbroken and self.free >= {slot.pk for slot in taken}
        return taken if whole else []

    def phoned(self, people: list[Person], freed: object) -> list[tuple[Person, object]]:
        """Returns those who are to be phoned about a freed slot, one after the other, each with the start they get."""
        in_line = sorted(people, key=lambda each: (each.entry.priority, each.entry.arrived_at))
        found = []
        for person in in_line:
            starts = [start for start in self.slots if start.starts_at <= freed.starts_at]
            suits = [start for start in starts if freed in self._visit(person, start) and not self.why(person, start)]
            if suits:
                found.append((person, suits[0]))
        return found

    def why(self, person: Person, start: object) -> str | None:
        """Returns the first reason for which a person is not phoned about the time that begins with this slot."""
        entry, visit = person.entry, self._visit(person, start)
        length = timedelta(minutes=self._wanted(entry).minutes) if visit else timedelta()
        begins = start.starts_at.astimezone(MOSCOW)
        ends = begins + length
        if begins.date() < entry.date_from or (entry.date_until and begins.date() > entry.date_until):
            return "days"
        if entry.weekdays and begins.isoweekday() not in entry.weekdays:
            return "weekday"
        if begins.time() < entry.time_from or (entry.time_until != time.max and ends.time() > entry.time_until):
            return "hours"
        if self.doctor.pk in entry.not_doctor_ids or (entry.doctor_ids and self.doctor.pk not in entry.doctor_ids):
            return "doctor"
        if start.starts_at < self.now + timedelta(minutes=entry.notice_minutes):
            return "notice"
        if entry.not_before and entry.not_before >= start.starts_at:
            return "put_off"
        if not self.doctor.min_age <= _age(person.born, begins.date()) <= self.doctor.max_age:
            return "age"
        if not visit:
            return "service"
        if any(start.starts_at > each.starts_at - GAIN for each in person.visits if _meets(each, entry)):
            return "no_earlier"
        if any(each.starts_at < ends and each.ends_at > begins for each in person.visits):
            return "busy"
        if start.pk in person.declined or person.not_reached.count(start.pk) >= TRIES:
            return "asked"
        if entry.state == "unreachable":
            return "no_number"
        if entry.state != "waiting":
            return "offered"
        if entry.not_before and entry.not_before > self.now:
            return "put_off"
        if entry.rests_until and entry.rests_until > self.now:
            return "declines"
        if person.writes:
            return "writes"
        if len([at for at in person.phoned_at if at > self.now - CONTACT_TIME]) >= CONTACTS:
            return "contacted"
        return "resting" if person.rests else None

    def _visit(self, person: Person, start: object) -> list[object]:
        wanted = self._wanted(person.entry)
        return self.room(start, wanted.minutes) if wanted else []

    def given_up(self, person: Person, start: object) -> Visit | None:
        """Returns the visit that a person gives up for the time that begins with this slot: the nearest of those.

        It is one for the named service, else a first appointment in the specialty, as each visit here is of its doctor.
        """
        later = [each for each in person.visits if _meets(each, person.entry)]
        return min((each for each in later if each.starts_at > start.starts_at), key=_begins, default=None)

    def _wanted(self, entry: object) -> object | None:
        """Returns the service asked for, or the first in the price list that is no examination, if there is another."""
        given = [service for service in self.services if service.specialty_id == entry.specialty_id]
        if entry.service_id:
            return next((service for service in given if service.pk == entry.service_id), None)
        visits = [service for service in given if service.kind != "examination"]
        return next(iter(visits or given), None)


def _meets(visit: Visit, entry: object) -> bool:
    if entry.service_id:
        return visit.service.pk == entry.service_id
    return visit.service.specialty_id == entry.specialty_id


def _begins(visit: Visit) -> datetime:
    return visit.starts_at


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

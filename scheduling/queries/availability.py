"""What is free (R10, R11, R15): the only place that decides which starts may be offered.

Raw SQL: these are the reads everybody waits for, and the ORM takes longer to write the query than Postgres to answer
it. Each doctor's starts come from the index `slot_bookable` in order of time and stop at the limit, so the length of
a calendar, its history and the number of other doctors do not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from foundation.clock import day_start
from foundation.database import replica
from foundation.database.read_models import R, ReadModel, columns, nested_columns
from foundation.database.rows import fetch
from scheduling.models import Slot
from scheduling.queries import facts
from scheduling.queries.read_models import AnyDoctor, AnyService, FreeSlot, ShownDoctor, ShownShift, ShownSlot

NEAREST = 3
D = TypeVar("D", bound=AnyDoctor)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWishes:
    """Doctors, days and hours that suit a person, in the clinic's wall time. Empty means any (R10)."""

    doctor_ids: Sequence[UUID] = ()
    date_from: date | None = None
    date_until: date | None = None
    weekdays: Sequence[int] = ()
    time_from: time | None = None
    time_until: time | None = None
    age: int | None = None
    """The patient's, in whole years: doctors who do not see it are left out."""


ANY_TIME = TimeWishes()


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeStart(ReadModel):
    """A slot at which a service can begin."""

    doctor: UUID
    slot: UUID
    starts_at: datetime

    @property
    def wall(self) -> str:
        """«09:30» by the clock on the clinic's wall."""
        return f"{timezone.localtime(self.starts_at):%H:%M}"


class Fit(NamedTuple):
    """A start that fits the wishes, and the service that can begin there."""

    slot: FreeSlot
    service: AnyService


def earliest_start(now: datetime) -> datetime:
    """R11: only what has already begun is hidden; there is no lead time."""
    return now - timedelta(minutes=settings.SLOT_GRACE_MINUTES)


def nearest(
    *,
    service: AnyService,
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[FreeSlot]:
    """The nearest starts that suit, with doctor and place ready to be read out.

    The holder of `own_hold` sees the slots that they hold themselves as free.
    """
    fits = nearest_of(services=[service], wishes=wishes, limit=limit, now=now, own_hold=own_hold)
    return [fit.slot for fit in fits]


def alternatives(slot: Slot | ShownSlot, service: AnyService) -> list[FreeSlot]:
    """The three nearest free starts of the same doctor, else of anybody who gives the service."""
    same_doctor = TimeWishes(doctor_ids=[slot.doctor_id])
    return nearest(service=service, wishes=same_doctor) or nearest(service=service)


def nearest_with(
    *,
    service: AnyService,
    doctors: Sequence[ShownDoctor],
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[FreeSlot]:
    """The same with `doctors`, of whom the caller knows that they give the service."""
    query = _Query(wishes, now or timezone.now(), own_hold, service=service, doctors=doctors)
    by_id = {doctor.pk: doctor for doctor in doctors}
    return [found.with_doctor(by_id[found.doctor_id]) for found in query.nearest(_NearestOfKnown, limit)]


def nearest_of(
    *,
    services: Sequence[AnyService],
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[Fit]:
    """The nearest starts at which one of `services` can begin, each with the first of them that fits there."""
    by_id = {service.pk: service for service in services}
    query = _Query(wishes, now or timezone.now(), own_hold, services=list(by_id))
    found: dict[UUID, Fit] = {}
    for start in query.nearest(_Nearest, limit):
        found.setdefault(start.slot.id, Fit(start.slot, by_id[start.service_id]))
    return list(found.values())[:limit]


def free_starts(
    *,
    service: AnyService,
    doctors: Sequence[D],
    wishes: TimeWishes = ANY_TIME,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[tuple[D, list[FreeStart]]]:
    """All starts that suit, by doctor, in order of time: bound the days, or the whole calendar comes.

    Of `doctors` the caller knows that they give the service; those who have no time are left out.
    """
    query = _Query(wishes, now or timezone.now(), own_hold, service=service, doctors=doctors)
    found: dict[UUID, list[FreeStart]] = {}
    starts = "SELECT given.doctor_id AS doctor, slot.id AS slot, slot.starts_at AS starts_at"
    for start in query.fetch(FreeStart, f"{starts} {query.every_start} ORDER BY slot.starts_at"):
        found.setdefault(start.doctor, []).append(start)
    return [(doctor, found[doctor.pk]) for doctor in doctors if doctor.pk in found]


def free_days(
    *,
    service: AnyService,
    doctors: Sequence[AnyDoctor],
    wishes: TimeWishes,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> dict[date, int]:
    """How many starts suit on each of the wished days that has any, with `doctors` as in `free_starts`."""
    query = _Query(wishes, now or timezone.now(), own_hold, service=service, doctors=doctors)
    sql = f"SELECT {_DAY} AS day, count(*) AS times {query.every_start} GROUP BY day ORDER BY day"
    return {found.day: found.times for found in query.fetch(_FreeDay, sql)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nearest(ReadModel):
    service_id: UUID
    slot: FreeSlot


@dataclass(frozen=True, slots=True, kw_only=True)
class _NearestOfKnown(ReadModel):
    id: UUID
    doctor_id: UUID
    starts_at: datetime
    shift: ShownShift

    def with_doctor(self, doctor: ShownDoctor) -> FreeSlot:
        return FreeSlot(id=self.id, doctor_id=self.doctor_id, starts_at=self.starts_at, doctor=doctor, shift=self.shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FreeDay(ReadModel):
    day: date
    times: int


_OF_ANY = f"slot.service_id, {nested_columns(slot=FreeSlot)}"
_OF_KNOWN = columns(_NearestOfKnown, "slot")


_WALL = "slot.starts_at AT TIME ZONE %(zone)s"
_DAY = f"({_WALL})::date"
# A service has few doctors, a network many: OFFSET keeps the planner from reading them all for the few.
_GIVEN = """
    FROM scheduling_doctor_services given
    CROSS JOIN LATERAL (SELECT * FROM scheduling_doctor WHERE id = given.doctor_id AND active OFFSET 0) doctor
    JOIN scheduling_service service ON service.id = given.service_id
"""
_KNOWN = """
    FROM (SELECT unnest((SELECT %(known)s::uuid[])) AS doctor_id, %(service)s::uuid AS service_id) given
    CROSS JOIN (SELECT %(minutes)s::integer AS minutes) service
"""
# Slots of a shift are equally long and never overlap: free time that adds up to the service's leaves no gap.
_LONG_ENOUGH = """(
    slot.ends_at - slot.starts_at >= make_interval(mins => service.minutes)
    OR (
        SELECT sum(next.ends_at - next.starts_at) FROM scheduling_slot next
        WHERE next.doctor_id = slot.doctor_id AND next.shift_id = slot.shift_id AND {free}
            AND next.starts_at >= slot.starts_at
            AND next.starts_at < slot.starts_at + make_interval(mins => service.minutes)
    ) >= make_interval(mins => service.minutes)
)"""


def _unseen(value: str) -> str:
    """A value that the planner does not see: with it a plan of a network's small specialty looks so much cheaper

    than the plan for any that Postgres would plan anew for every page, which takes longer than to answer.
    """
    return f"(SELECT %({value})s)"


class _Query:
    """The condition of a free start, put together from the wishes there are."""

    def __init__(
        self,
        wishes: TimeWishes,
        now: datetime,
        own_hold: UUID | None,
        *,
        services: Sequence[UUID] = (),
        service: AnyService | None = None,
        doctors: Sequence[AnyDoctor] = (),
    ) -> None:
        """Whoever gives one of `services`, or `service` with `doctors`."""
        self.values: dict[str, Any] = {"now": now, "zone": settings.TIME_ZONE}
        self._several, self._known = len(services) > 1, service is not None
        self._given, self._doctors = self._of_known(service, doctors) if service else self._of_any(list(services))
        earliest = earliest_start(now)
        if wishes.date_from:
            earliest = max(earliest, day_start(wishes.date_from))
        self._slots = ["slot.doctor_id = given.doctor_id", self._free("slot", own_hold)]
        self._add(self._slots, f"slot.starts_at >= {_unseen('earliest')}", earliest=earliest)
        self._suit(wishes)
        self._slots.append(_LONG_ENOUGH.format(free=self._free("next", own_hold)))

    def _of_known(self, service: AnyService, doctors: Sequence[AnyDoctor]) -> tuple[str, list[str]]:
        known = [doctor.pk for doctor in doctors]
        self.values |= {"known": known, "service": service.pk, "minutes": service.minutes}
        return _KNOWN, ["true"]

    def _of_any(self, services: list[UUID]) -> tuple[str, list[str]]:
        return _GIVEN, [self._one_of("given.service_id", "services", services)]

    def _free(self, slot: str, own_hold: UUID | None) -> str:
        own = f" OR {slot}.hold_token = %(own_hold)s" if own_hold else ""
        self.values["own_hold"] = own_hold
        held = f"({slot}.hold_token IS NULL OR {slot}.held_until <= %(now)s{own})"
        return f"{slot}.appointment_id IS NULL AND NOT {slot}.passed AND NOT {slot}.blocked AND {held}"

    def _one_of(self, column: str, name: str, ids: list[UUID]) -> str:
        """One value is compared as one: for an array of unknown length Postgres would plan anew every time."""
        self.values[name] = ids[0] if len(ids) == 1 else ids
        return f"{column} = {_unseen(name)}" if len(ids) == 1 else f"{column} = ANY(%({name})s)"

    def _add(self, conditions: list[str], condition: str, **values: Any) -> None:
        conditions.append(condition)
        self.values |= values

    def _suit(self, wishes: TimeWishes) -> None:
        if wishes.age is not None and self._known:
            raise ValueError("ages are not asked of doctors who are known")
        if wishes.age is not None:
            self._add(self._doctors, "%(age)s BETWEEN doctor.min_age AND doctor.max_age", age=wishes.age)
        if wishes.doctor_ids:
            self._doctors.append(self._one_of("given.doctor_id", "doctors", list(wishes.doctor_ids)))
        if wishes.date_until:
            latest = day_start(wishes.date_until + timedelta(days=1))
            self._add(self._slots, f"slot.starts_at < {_unseen('latest')}", latest=latest)
        if wishes.weekdays:
            weekdays = f"extract(isodow FROM {_WALL}) = ANY(%(weekdays)s)"
            self._add(self._slots, weekdays, weekdays=list(wishes.weekdays))
        if wishes.time_from:
            self._add(self._slots, f"({_WALL})::time >= %(time_from)s", time_from=wishes.time_from)
        if wishes.time_until:
            self._add(self._slots, f"({_WALL})::time < %(time_until)s", time_until=wishes.time_until)

    @property
    def every_start(self) -> str:
        """First who gives the service, then each one's times: how many these are the planner cannot know."""
        starts = f"SELECT slot.id, slot.starts_at FROM scheduling_slot slot WHERE {' AND '.join(self._slots)} OFFSET 0"
        return f"{self._given} CROSS JOIN LATERAL ({starts}) slot WHERE {' AND '.join(self._doctors)}"

    def nearest(self, read: type[R], limit: int) -> list[R]:
        """As many of each doctor as are wanted of all, the nearest of these, and only for them their facts."""
        starts = "SELECT slot.id, slot.shift_id, slot.doctor_id, slot.starts_at FROM scheduling_slot slot"
        of_each = f"{starts} WHERE {' AND '.join(self._slots)} ORDER BY slot.starts_at LIMIT {int(limit)}"
        most = int(limit) * (len(self.values["services"]) if self._several else 1)
        return self.fetch(
            read,
            f"""
            SELECT {_OF_KNOWN if self._known else _OF_ANY}
            FROM (
                SELECT given.service_id, slot.* {self._given} CROSS JOIN LATERAL ({of_each}) slot
                WHERE {" AND ".join(self._doctors)}
                {self._order("given")} LIMIT {most}
            ) slot
            {facts.PLACE if self._known else facts.DOCTOR_AND_PLACE} {self._order("slot")}
            """,
        )

    def _order(self, given: str) -> str:
        order = "ORDER BY slot.starts_at, slot.doctor_id"
        return f"{order}, array_position(%(services)s, {given}.service_id)" if self._several else order

    def fetch(self, read: type[R], sql: str) -> list[R]:
        return fetch(read, sql, self.values, of=replica.connection())

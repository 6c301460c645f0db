"""What is free (R10, R11, R15): the only place that decides which starts may be offered.

Raw SQL: these are the reads everybody waits for, and the ORM takes longer to write the query than Postgres to answer
it. Each doctor's starts come from the index `slot_bookable` in order of time and stop at the limit, so the length of
a calendar, its history and the number of other doctors do not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from clinic import replica
from clinic.rows import Columns, ask
from scheduling.models import Doctor, Service, Slot
from scheduling.queries import facts

NEAREST = 3
_NAMED = Columns(Doctor, "doctor", "id", "slug", "last_name", "first_name", "patronymic")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWishes:
    """Doctors, days and hours that suit a person, in the clinic's wall time. Empty means any (R10)."""

    doctor_ids: Sequence[UUID] = ()
    doctor_slug: str = ""
    """One doctor by the address on the site."""
    date_from: date | None = None
    date_until: date | None = None
    weekdays: Sequence[int] = ()
    time_from: time | None = None
    time_until: time | None = None
    age: int | None = None
    """The patient's, in whole years: doctors who do not see it are left out."""


ANY_TIME = TimeWishes()


class FreeStart(NamedTuple):
    """A slot at which a service can begin."""

    slot: UUID
    starts_at: datetime

    @property
    def wall(self) -> str:
        """«09:30» by the clock on the clinic's wall."""
        return f"{timezone.localtime(self.starts_at):%H:%M}"


class Fit(NamedTuple):
    """A start that fits the wishes, and the service that can begin there."""

    slot: Slot
    service: Service


def earliest_start(now: datetime) -> datetime:
    """R11: only what has already begun is hidden; there is no lead time."""
    return now - timedelta(minutes=settings.SLOT_GRACE_MINUTES)


def nearest(
    *,
    service: Service,
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[Slot]:
    """The nearest starts that suit, with doctor and place ready to be read out.

    The holder of `own_hold` sees the slots he holds himself as free.
    """
    fits = nearest_of(services=[service], wishes=wishes, limit=limit, now=now, own_hold=own_hold)
    return [fit.slot for fit in fits]


def nearest_of(
    *,
    services: Sequence[Service],
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[Fit]:
    """The nearest starts at which one of `services` can begin, each with the first of them that fits there."""
    by_id = {service.pk: service for service in services}
    query = _Query(list(by_id), wishes, now or timezone.now(), own_hold)
    found: dict[UUID, Fit] = {}
    for row in map(iter, query.nearest(limit)):
        service, slot = by_id[next(row)], facts.slot_of(row)
        found.setdefault(slot.pk, Fit(slot, service))
    return list(found.values())[:limit]


def free_starts(
    *, service: Service, wishes: TimeWishes = ANY_TIME, now: datetime | None = None, own_hold: UUID | None = None
) -> list[tuple[Doctor, list[FreeStart]]]:
    """All starts that suit, by doctor, in order of name and time: bound the days, or the whole calendar comes."""
    query = _Query([service.pk], wishes, now or timezone.now(), own_hold)
    order = "ORDER BY doctor.last_name, doctor.first_name, doctor.id, slot.starts_at"
    found: dict[UUID, tuple[Doctor, list[FreeStart]]] = {}
    for slot, starts_at, *named in query.rows(
        f"SELECT slot.id, slot.starts_at, {_NAMED.sql} {query.every_start} {order}"
    ):
        if named[0] not in found:
            found[named[0]] = (_NAMED.read(iter(named)), [])
        found[named[0]][1].append(FreeStart(slot, starts_at))
    return list(found.values())


def free_days(
    *, service: Service, wishes: TimeWishes, now: datetime | None = None, own_hold: UUID | None = None
) -> dict[date, int]:
    """How many starts suit on each of the wished days that has any."""
    query = _Query([service.pk], wishes, now or timezone.now(), own_hold)
    return dict(query.rows(f"SELECT {_DAY} AS day, count(*) {query.every_start} GROUP BY day ORDER BY day"))


def day_start(day: date) -> datetime:
    """Midnight of the clinic's wall time."""
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))


_WALL = "slot.starts_at AT TIME ZONE %(zone)s"
_DAY = f"({_WALL})::date"
_SERVICES = """
    FROM scheduling_doctor_services given
    {doctor}
    JOIN scheduling_service service ON service.id = given.service_id
"""
_NAMED_DOCTOR = "JOIN scheduling_doctor doctor ON doctor.id = given.doctor_id AND doctor.active"
# A service has few doctors, a network many: OFFSET keeps the planner from reading them all for the few.
_ANY_DOCTOR = """CROSS JOIN LATERAL (
    SELECT * FROM scheduling_doctor WHERE id = given.doctor_id AND active OFFSET 0
) doctor"""
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

    def __init__(self, services: list[UUID], wishes: TimeWishes, now: datetime, own_hold: UUID | None) -> None:
        self._services = len(services)
        self._given = _SERVICES.format(doctor=_NAMED_DOCTOR if wishes.doctor_slug else _ANY_DOCTOR)
        self.values: dict[str, Any] = {"now": now, "zone": settings.TIME_ZONE}
        self._doctors = [self._one_of("given.service_id", "services", services)]
        earliest = earliest_start(now)
        if wishes.date_from:
            earliest = max(earliest, day_start(wishes.date_from))
        self._slots = ["slot.doctor_id = given.doctor_id", self._free("slot", own_hold)]
        self._add(self._slots, f"slot.starts_at >= {_unseen('earliest')}", earliest=earliest)
        self._suit(wishes)
        self._slots.append(_LONG_ENOUGH.format(free=self._free("next", own_hold)))

    def _free(self, slot: str, own_hold: UUID | None) -> str:
        own = f" OR {slot}.hold_token = %(own_hold)s" if own_hold else ""
        self.values["own_hold"] = own_hold
        held = f"({slot}.hold_token IS NULL OR {slot}.held_until <= %(now)s{own})"
        return f"{slot}.appointment_id IS NULL AND NOT {slot}.blocked AND {held}"

    def _one_of(self, column: str, name: str, ids: list[UUID]) -> str:
        """One value is compared as one: for an array of unknown length Postgres would plan anew every time."""
        self.values[name] = ids[0] if len(ids) == 1 else ids
        return f"{column} = {_unseen(name)}" if len(ids) == 1 else f"{column} = ANY(%({name})s)"

    def _add(self, conditions: list[str], condition: str, **values: Any) -> None:
        conditions.append(condition)
        self.values |= values

    def _suit(self, wishes: TimeWishes) -> None:
        if wishes.age is not None:
            self._add(self._doctors, "%(age)s BETWEEN doctor.min_age AND doctor.max_age", age=wishes.age)
        if wishes.doctor_ids:
            self._doctors.append(self._one_of("given.doctor_id", "doctors", list(wishes.doctor_ids)))
        if wishes.doctor_slug:
            self._add(self._doctors, "doctor.slug = %(doctor_slug)s", doctor_slug=wishes.doctor_slug)
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

    def nearest(self, limit: int) -> list[tuple[Any, ...]]:
        """As many of each doctor as are wanted of all, the nearest of these, and only for them their facts."""
        starts = f"SELECT slot.id, slot.starts_at FROM scheduling_slot slot WHERE {' AND '.join(self._slots)}"
        of_each = f"{starts} ORDER BY slot.starts_at LIMIT {int(limit)}"
        return self.rows(f"""
            SELECT near.service_id, {facts.COLUMNS}
            FROM (
                SELECT given.service_id, given.doctor_id, slot.* {self._given} CROSS JOIN LATERAL ({of_each}) slot
                WHERE {" AND ".join(self._doctors)}
                {self._order("slot", "given")} LIMIT {int(limit) * self._services}
            ) near
            JOIN scheduling_slot slot ON slot.id = near.id
            {facts.JOINS} {self._order("near", "near")}
        """)

    def _order(self, slot: str, given: str) -> str:
        order = f"ORDER BY {slot}.starts_at, {given}.doctor_id"
        return order if self._services == 1 else f"{order}, array_position(%(services)s, {given}.service_id)"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return ask(sql, self.values, of=replica.connection())

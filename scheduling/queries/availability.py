"""Finds free starts (R10, R11, R15): the only place that decides which starts may be offered.

Raw SQL: everybody waits for these reads, and the ORM takes longer to write the query than Postgres to answer it. Each
doctor's starts come from the index `slot_bookable` in order of time and stop at the limit, so the length of a calendar,
its history and the number of other doctors do not matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings

from foundation.clock import on_wall
from foundation.database import clock
from foundation.database.read_models import ReadModel, columns, nested_columns
from scheduling.models import Slot
from scheduling.queries.free_start_query import FreeStartQuery, Givers, of_any, of_each, of_known
from scheduling.queries.read_models import AnyDoctor, AnyService, FreeSlot, ShownDoctor, ShownShift, ShownSlot
from scheduling.wishes import ANY_TIME, TimeWishes

NEAREST = 3
D = TypeVar("D", bound=AnyDoctor)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeStart(ReadModel):
    """A slot at which a service can begin, with the time zone of its location."""

    doctor: UUID
    slot: UUID
    starts_at: datetime
    zone: str

    @property
    def wall(self) -> str:
        """The wall time of the start at its location, as «09:30»."""
        return f"{on_wall(self.starts_at, self.zone):%H:%M}"


class Fit(NamedTuple):
    """A start that fits the wishes, and the service that can begin there."""

    slot: FreeSlot
    service: AnyService


def earliest_start(now: datetime) -> datetime:
    """Returns the first moment that may be offered: there is no lead time, only what has begun is hidden (R11)."""
    return now - timedelta(minutes=settings.SLOT_GRACE_MINUTES)


def nearest(
    *,
    service: AnyService,
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[FreeSlot]:
    """Returns the nearest starts that fit the wishes, with doctor and place ready to be read out.

    The holder of `own_hold` sees the slots that they hold themselves as free.
    """
    fits = nearest_of(services=[service], wishes=wishes, limit=limit, now=now, own_hold=own_hold)
    return [fit.slot for fit in fits]


def alternatives(slot: Slot | ShownSlot, service: AnyService) -> list[FreeSlot]:
    """Returns the three nearest free starts of the same doctor, else of any doctor who gives the service."""
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
    """Returns the nearest starts of `doctors`, who the caller knows give the service."""
    query = _asked(of_known(service, doctors), wishes, now, own_hold)
    by_id = {doctor.pk: doctor for doctor in doctors}
    return [found.with_doctor(by_id[found.doctor_id]) for found in query.nearest(_NearestOfKnown, _OF_KNOWN, limit)]


def closest(
    *, to: datetime, service: AnyService, wishes: TimeWishes, not_of: UUID, limit: int = NEAREST, now: datetime
) -> list[FreeSlot]:
    """Returns the starts closest to a moment, before or after it, of all doctors but one: bound the days."""
    query = _asked(of_any([service.pk]), wishes, now, None)
    return query.closest(FreeSlot, columns(FreeSlot, "slot"), to=to, not_of=not_of, limit=limit)


def nearest_of(
    *,
    services: Sequence[AnyService],
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> list[Fit]:
    """Returns the nearest starts for any of `services`, each with the first of them that fits there."""
    query = _asked(of_any([service.pk for service in services]), wishes, now, own_hold)
    return _nearest_fits(query, services, limit)


def nearest_of_each(
    *,
    given: Mapping[UUID, AnyService],
    wishes: TimeWishes = ANY_TIME,
    limit: int = NEAREST,
    own_hold: UUID | None = None,
) -> list[Fit]:
    """Returns the nearest starts of several doctors for the one service that `given` names for each."""
    query = _asked(of_each({doctor: service.pk for doctor, service in given.items()}), wishes, None, own_hold)
    return _nearest_fits(query, given.values(), limit)


def _nearest_fits(query: FreeStartQuery, services: Iterable[AnyService], limit: int) -> list[Fit]:
    by_id = {service.pk: service for service in services}
    found: dict[UUID, Fit] = {}
    for start in query.nearest(_Nearest, _OF_ANY, limit):
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
    """Returns all starts that fit, by doctor, in order of time: bound the days, or the whole calendar comes.

    The caller knows that `doctors` give the service; doctors who have no time are left out.
    """
    query = _asked(of_known(service, doctors), wishes, now, own_hold)
    found: dict[UUID, list[FreeStart]] = {}
    starts = "SELECT given.doctor_id AS doctor, slot.id AS slot, slot.starts_at AS starts_at"
    starts = f"{starts}, {query.zone} AS zone"
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
    """Returns how many starts fit on each of the wished days that has any, with `doctors` as in `free_starts`."""
    query = _asked(of_known(service, doctors), wishes, now, own_hold)
    sql = f"SELECT {query.day} AS day, count(*) AS times {query.every_start} GROUP BY day ORDER BY day"
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


def _asked(givers: Givers, wishes: TimeWishes, now: datetime | None, own_hold: UUID | None) -> FreeStartQuery:
    now = now or clock.now()
    return FreeStartQuery(givers, wishes, now=now, from_moment=earliest_start(now), own_hold=own_hold)


_OF_ANY = f"slot.service_id, {nested_columns(slot=FreeSlot)}"
_OF_KNOWN = columns(_NearestOfKnown, "slot")

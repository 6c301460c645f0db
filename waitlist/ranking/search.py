"""Slots → entries (R23): who of those that wait fits a free start, in the order of priority, then arrival.

One statement, raw SQL. Each list it walks is in that order and stops at the first that fit. When nobody fits, it has
read in an index those of one specialty whose hours fit, and those who name the doctor: never a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from foundation.database.read_models import KeyedReadModel, ReadModel, nested_columns
from foundation.database.rows import fetch
from scheduling.choices import ACTIVE, listed
from scheduling.models import Service, Slot
from scheduling.queries.read_models import AnyDoctor
from waitlist.models.entry import weekday_bit

LOOK_AT = 20
"""How many of the first in line are looked at, should others be taken by another worker at this moment."""
HEAD = 50
"""How many of those who stand first are read with their wishes, to say why they were passed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenService(KeyedReadModel):
    """A service that the doctor gives."""

    id: UUID
    specialty_id: UUID
    minutes: int


Given = Service | GivenService
Runs = dict[Given, list[Slot]]
"""Services that can begin at one start, in the order of the price list, with the slots each takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEntry(KeyedReadModel):
    """Somebody who waits, with their wishes."""

    id: UUID
    patient_id: UUID
    specialty_id: UUID
    service_id: UUID | None
    doctor_ids: list[UUID]
    date_from: date
    date_until: date | None
    weekdays: list[int]
    time_from: time
    time_until: time
    notice_minutes: int
    birth_date: date
    not_before: datetime | None
    priority: str
    created_at: datetime


class Fit(NamedTuple):
    entry: WaitingEntry
    service: Given
    run: list[Slot]


@dataclass(frozen=True, slots=True)
class Found:
    fits: list[Fit]
    head: list[WaitingEntry]
    """The first of all who wait for the doctor's specialties, whether they fit or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row(ReadModel):
    start: int | None
    """The number of the start that suits; None for those at the head of the line."""
    entry: WaitingEntry


_ENTRY = nested_columns(entry=WaitingEntry)
_ORDER = "ORDER BY entry.priority, entry.created_at"
_WAITING = "FROM waitlist_waitlistentry entry WHERE entry.state = 'waiting'"
_SUITS = """
    AND entry.date_from <= %(day_{number})s AND (entry.date_until IS NULL OR entry.date_until >= %(day_{number})s)
    AND entry.birth_date <= %(oldest_born_{number})s AND entry.birth_date > %(youngest_born_{number})s
    AND entry.notice_minutes <= %(notice_{number})s
    AND (entry.service_id IS NULL OR entry.service_id = ANY(%(services_{number})s))
    AND entry.weekday_bits & %(weekday_bit_{number})s <> 0
    AND (entry.not_before IS NULL OR entry.not_before < %(starts_at_{number})s)
    AND (SELECT 1 FROM waitlist_slotoffer offer
         WHERE offer.entry_id = entry.id AND offer.slot_id = %(slot_{number})s LIMIT 1) IS NULL
    AND (SELECT 1 FROM scheduling_appointment visit
         WHERE visit.patient_id = entry.patient_id AND visit.status IN ({active})
            AND visit.starts_at < %(ends_at_{number})s AND visit.ends_at > %(starts_at_{number})s LIMIT 1) IS NULL
""".replace("{active}", listed(ACTIVE))
_OF_SPECIALTY = f"{_WAITING} AND entry.doctor_ids = '{{{{}}}}' AND entry.specialty_id = %(specialty_{{number}})s"
# Whoever would take any doctor: first which hours are wished at all, then the first in line of each that fit. Hours
# are few and people many; the rest of the wishes is read from the same index, all else only of those who fit.
_ANY_DOCTOR = f"""
    WITH RECURSIVE hours AS (
        (SELECT entry.time_from, entry.time_until {_OF_SPECIALTY}
         ORDER BY entry.time_from, entry.time_until LIMIT 1)
        UNION ALL
        SELECT later.time_from, later.time_until FROM hours CROSS JOIN LATERAL (
            SELECT entry.time_from, entry.time_until {_OF_SPECIALTY}
                AND (entry.time_from, entry.time_until) > (hours.time_from, hours.time_until)
                AND entry.time_from <= %(at_{{number}})s
            ORDER BY entry.time_from, entry.time_until LIMIT 1
        ) later
    )
    SELECT {_ENTRY}, {{number}} AS start FROM (
        SELECT entry.id FROM hours CROSS JOIN LATERAL (
            SELECT entry.id, entry.priority, entry.created_at {_OF_SPECIALTY}
                AND entry.time_from = hours.time_from AND entry.time_until = hours.time_until {_SUITS}
            {_ORDER} LIMIT {{limit}}
        ) entry
        WHERE hours.time_from <= %(at_{{number}})s AND hours.time_until > %(at_{{number}})s
        {_ORDER} LIMIT {{limit}}
    ) first JOIN waitlist_waitlistentry entry ON entry.id = first.id
"""
_THIS_DOCTOR = f"""
    SELECT {_ENTRY}, {{number}} AS start {_WAITING}
        AND entry.doctor_ids <> '{{{{}}}}' AND entry.doctor_ids @> ARRAY[%(doctor)s]::uuid[]
        AND entry.specialty_id = %(specialty_{{number}})s
        AND entry.time_from <= %(at_{{number}})s AND entry.time_until > %(at_{{number}})s {_SUITS}
    {_ORDER} LIMIT {{limit}}
"""
_HEAD_OF_LINE = f"""
    SELECT {_ENTRY}, NULL::int AS start {_WAITING} AND entry.specialty_id = %(waited_{{number}})s
    {_ORDER} LIMIT {{limit}}
"""


def who_fits(starts: Sequence[Runs], *, doctor: AnyDoctor, services: Iterable[Given], now: datetime) -> Found:
    """`starts` are the free starts with what can begin there; `services` all that the doctor gives."""
    branches = [(runs, specialty) for runs in starts for specialty in {service.specialty_id for service in runs}]
    values: dict[str, Any] = {"doctor": doctor.pk}
    parts = []
    for number, (runs, specialty) in enumerate(branches):
        parts += [part.format(number=number, limit=LOOK_AT) for part in (_ANY_DOCTOR, _THIS_DOCTOR)]
        wanted = _start(runs, doctor, now) | {"specialty": specialty}
        values |= {f"{name}_{number}": value for name, value in wanted.items()}
    for number, specialty in enumerate({service.specialty_id for service in services}):
        parts.append(_HEAD_OF_LINE.format(number=number, limit=HEAD))
        values[f"waited_{number}"] = specialty
    if not parts:  # the doctor gives nothing now
        return Found([], [])
    fits, head = [], []
    for row in fetch(_Row, " UNION ALL ".join(f"({part})" for part in parts), values):
        if row.start is None:
            head.append(row.entry)
        else:
            runs, _specialty = branches[row.start]
            service = _service_for(row.entry, runs)
            fits.append(Fit(row.entry, service, runs[service]))
    fits.sort(key=lambda fit: (*_turn(fit.entry), fit.run[0].starts_at))
    return Found(fits, sorted(head, key=_turn)[:HEAD])


def _turn(entry: WaitingEntry) -> tuple[str, datetime]:
    return entry.priority, entry.created_at


def _start(runs: Runs, doctor: AnyDoctor, now: datetime) -> dict[str, object]:
    slot = next(iter(runs.values()))[0]
    local = timezone.localtime(slot.starts_at)
    return {
        "slot": slot.pk,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "day": local.date(),
        "at": local.time(),
        "weekday_bit": weekday_bit(local.isoweekday()),
        "notice": int((slot.starts_at - now) / timedelta(minutes=1)),
        "services": [service.pk for service in runs],
        "oldest_born": _years_before(local.date(), doctor.min_age),
        "youngest_born": _years_before(local.date(), doctor.max_age + 1),
    }


def _service_for(entry: WaitingEntry, services: Iterable[Given]) -> Given:
    """The service asked for, else the first of the doctor's in the specialty."""
    if entry.service_id:
        return next(service for service in services if service.pk == entry.service_id)
    return next(service for service in services if service.specialty_id == entry.specialty_id)


def _years_before(day: date, years: int) -> date:
    """The latest birth date of somebody who is `years` old on `day`."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)

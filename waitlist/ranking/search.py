"""Finds the entries that a free start fits, in the order of priority, then arrival (R23).

One statement, raw SQL. Each list it walks is in that order and stops at the first that fit. When nobody fits, it has
read in an index those of one specialty whose hours fit, and those who name the doctor: never a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from foundation.database.read_models import KeyedReadModel, ReadModel, nested_columns
from foundation.database.rows import fetch
from scheduling.choices import ACTIVE, listed
from scheduling.models import Slot
from scheduling.queries.fit import Age, Days, Doctors, Hours, Notice, PutOff, Start, Weekdays
from scheduling.queries.read_models import AnyDoctor
from waitlist.choices import OfferState, TimeReply
from waitlist.ranking import earlier, services
from waitlist.ranking.services import GivenService, Runs

CANDIDATES = 20
"""How many of the first in line are read at first; more, when none of these can be phoned now."""
TRIES = 2
"""So often at most a person is phoned about one time without being reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEntry(KeyedReadModel):
    """A person on the waitlist, with their wishes."""

    id: UUID
    patient_id: UUID
    specialty_id: UUID
    service_id: UUID | None
    doctor_ids: list[UUID]
    not_doctor_ids: list[UUID]
    date_from: date
    date_until: date | None
    weekdays: list[int]
    time_from: time
    time_until: time
    notice_minutes: int
    birth_date: date
    not_before: datetime | None
    priority: str
    arrived_at: datetime


class Fit(NamedTuple):
    entry: WaitingEntry
    service: GivenService
    run: list[Slot]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row(ReadModel):
    branch: int
    """The number of what fits: services of one length at one start."""
    entry: WaitingEntry


_ENTRY = nested_columns(entry=WaitingEntry)
_ORDER = "ORDER BY entry.priority, entry.arrived_at"
_WAITING = "FROM waitlist_waitlistentry entry WHERE entry.state = 'waiting'"
_SUITS = " AND ".join(
    [
        *(condition.stored("entry") for condition in (Days(), Age(), Notice())),
        services.WANTED,
        *(condition.stored("entry") for condition in (Weekdays(), PutOff())),
        f"""(SELECT 1 FROM waitlist_slotoffer offer
             WHERE offer.entry_id = entry.id AND (
                 offer.slot_id = %(slot_{{number}})s AND offer.state IN ('{OfferState.DECLINED}', '{OfferState.LAPSED}')
                 OR %(slot_{{number}})s = ANY(offer.also) AND offer.state = '{OfferState.DECLINED}'
             )
             GROUP BY offer.entry_id
             HAVING bool_or(offer.state = '{OfferState.DECLINED}') OR count(*) >= {TRIES}) IS NULL""",
        f"""(SELECT 1 FROM waitlist_timeanswer answer JOIN waitlist_timequestion question
                ON question.id = answer.question_id
             WHERE question.entry_id = entry.id AND question.slot_id = %(slot_{{number}})s
                AND answer.reply = '{TimeReply.NO}'
             LIMIT 1) IS NULL""",
        f"""(SELECT 1 FROM waitlist_waitlistentry told
             WHERE told.id = entry.id
                AND (%(slot_{{number}})s = ANY(told.declined) OR {Doctors().unwanted("told")})) IS NULL""",
        f"""(SELECT 1 FROM scheduling_appointment visit
             WHERE visit.patient_id = entry.patient_id AND visit.status IN ({listed(ACTIVE)})
                AND visit.starts_at < %(ends_at_{{number}})s AND visit.ends_at > %(starts_at_{{number}})s
             LIMIT 1) IS NULL""",
        earlier.IS_EARLIER,
    ]
)
"""All conditions but the hours and the doctor, which indexes answer in a branch each."""
_DOCTORS, _HOURS = Doctors(), Hours()
_OF_SPECIALTY = f"{_WAITING} AND {_DOCTORS.anybody('entry')} AND entry.specialty_id = %(specialty_{{number}})s"
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
    SELECT {_ENTRY}, {{number}} AS branch FROM (
        SELECT entry.id FROM hours CROSS JOIN LATERAL (
            SELECT entry.id, entry.priority, entry.arrived_at {_OF_SPECIALTY}
                AND entry.time_from = hours.time_from AND entry.time_until = hours.time_until AND {_SUITS}
            {_ORDER} LIMIT {{limit}}
        ) entry
        WHERE {_HOURS.stored("hours")}
        {_ORDER} LIMIT {{limit}}
    ) first JOIN waitlist_waitlistentry entry ON entry.id = first.id
"""
_THIS_DOCTOR = f"""
    SELECT {_ENTRY}, {{number}} AS branch {_WAITING}
        AND {_DOCTORS.named("entry")}
        AND entry.specialty_id = %(specialty_{{number}})s
        AND {_HOURS.stored("entry")} AND {_SUITS}
    {_ORDER} LIMIT {{limit}}
"""


def who_fits(
    starts: Sequence[Runs], *, doctor: AnyDoctor, zone: str, now: datetime, limit: int = CANDIDATES
) -> list[Fit]:
    """Returns the entries that the free starts fit, the first in line first, at least `limit` where there are so many.

    `starts` are the free starts with what can begin there, in the wall time of `zone`. Who names no service is given
    the first appointment alone.
    """
    branches = [alike for runs in starts for alike in _by_length(runs)]
    values: dict[str, Any] = {**earlier.parameters(now)}
    parts = []
    for number, runs in enumerate(branches):
        parts += [part.format(number=number, limit=limit) for part in (_ANY_DOCTOR, _THIS_DOCTOR)]
        values |= {f"{name}_{number}": value for name, value in _values(runs, doctor, zone, now).items()}
    if not parts:  # the doctor gives nothing now
        return []
    rows = fetch(_Row, " UNION ALL ".join(f"({part})" for part in parts), values)
    matched = sorted(((row.branch, row.entry) for row in rows), key=itemgetter(0))
    fits = _fits((branches[branch], entry) for branch, entry in matched)
    return sorted(fits, key=lambda fit: (*_turn(fit.entry), fit.run[0].starts_at))


def _by_length(runs: Runs) -> Iterable[Runs]:
    """Parts what can begin at one start by specialty and length: on the length it depends when the visit is over."""
    alike: dict[tuple[UUID, int], Runs] = {}
    for service, run in runs.items():
        alike.setdefault((service.specialty_id, service.minutes), {})[service] = run
    return alike.values()


def _fits(found: Iterable[tuple[Runs, WaitingEntry]]) -> list[Fit]:
    """Returns one fit for each person and start: the first, where services of several lengths suit them."""
    fits: dict[tuple[UUID, UUID], Fit] = {}
    for runs, entry in found:
        service = services.service_for(entry, runs)
        fits.setdefault((entry.pk, runs[service][0].pk), Fit(entry, service, runs[service]))
    return list(fits.values())


def _turn(entry: WaitingEntry) -> tuple[str, datetime]:
    return entry.priority, entry.arrived_at


def _values(runs: Runs, doctor: AnyDoctor, zone: str, now: datetime) -> dict[str, object]:
    service, run = next(iter(runs.items()))
    start = Start.of(run[0].starts_at, doctor=doctor, now=now, minutes=service.minutes, zone=zone)
    wanted: dict[str, object] = {
        "slot": run[0].pk,
        "specialty": service.specialty_id,
        "services": [service.pk for service in runs],
    }
    wanted["has_first"] = any(service.is_first for service in runs)
    return start.values() | wanted | {"ends_at": start.ends_at}

"""Figures of the waitlist for the head: one statement for each question, over the days of the clinic's calendar.

Each row is one value of what is counted by; the row of all of them comes last, with nothing in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch


class Period(NamedTuple):
    """Whole days of the clinic, from the start of the first to the start of the day after the last."""

    since: datetime
    until: datetime


Spans = Sequence[tuple[datetime, datetime]]
"""Times in which the clinic phones people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDial(ReadModel):
    """Times freed on a day, and the minutes of calling time until the first of them was phoned about."""

    day: date | None
    freed: int
    dialled: int
    p50: float | None
    p90: float | None


_FIRST_DIAL = """
    WITH hours AS (
        SELECT * FROM unnest(%(opens)s::timestamptz[], %(closes)s::timestamptz[]) AS hours (opens, closes)
    ), freed AS (
        SELECT
            (freed_at AT TIME ZONE %(zone)s)::date AS day,
            CASE WHEN phoned_at IS NOT NULL THEN (
                SELECT COALESCE(sum(EXTRACT(epoch FROM
                    LEAST(hours.closes, time.phoned_at) - GREATEST(hours.opens, time.freed_at)
                )), 0) / 60
                FROM hours WHERE hours.opens < time.phoned_at AND hours.closes > time.freed_at
            ) END AS minutes
        FROM waitlist_freedtime time
        WHERE freed_at >= %(since)s AND freed_at < %(until)s
    )
    SELECT
        day,
        count(*) AS freed,
        count(minutes) AS dialled,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes)::float AS p50,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes)::float AS p90
    FROM freed GROUP BY GROUPING SETS ((day), ()) ORDER BY day NULLS LAST
"""


def first_dial(period: Period, *, hours: Spans) -> list[FirstDial]:
    opens, closes = [begins for begins, _ends in hours], [ends for _begins, ends in hours]
    return fetch(FirstDial, _FIRST_DIAL, _values(period) | {"opens": opens, "closes": closes})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refilled(ReadModel):
    """Freed times of which it is known who has them by now, by notice or by specialty."""

    notice: int | None
    """0 for times freed less than 24 hours before they begin, 1 for 24 to 48, 2 for more."""
    specialty: str | None
    freed: int
    waitlist: int
    site: int
    registry: int
    phone: int
    other: int
    """By the doctor, or it was not written down."""

    @property
    def refilled(self) -> int:
        return self.waitlist + self.site + self.registry + self.phone + self.other


_REFILLED = """
    WITH freed AS (
        SELECT
            CASE
                WHEN time.starts_at - time.freed_at < interval '24 hours' THEN 0
                WHEN time.starts_at - time.freed_at <= interval '48 hours' THEN 1
                ELSE 2
            END AS notice,
            (
                SELECT string_agg(specialty.name, ', ' ORDER BY specialty.name)
                FROM scheduling_doctor_specialties given
                JOIN scheduling_specialty specialty ON specialty.id = given.specialty_id
                WHERE given.doctor_id = slot.doctor_id
            ) AS specialty,
            time.outcome,
            time.channel
        FROM waitlist_freedtime time
        JOIN scheduling_slot slot ON slot.id = time.slot_id
        WHERE time.freed_at >= %(since)s AND time.freed_at < %(until)s
            AND time.outcome IN ('filled', 'taken', 'passed', 'parked')
    )
    SELECT
        notice,
        COALESCE(specialty, CASE WHEN GROUPING(specialty) = 0 THEN '—' END) AS specialty,
        count(*) AS freed,
        count(*) FILTER (WHERE outcome = 'filled') AS waitlist,
        count(*) FILTER (WHERE outcome = 'taken' AND channel = 'site') AS site,
        count(*) FILTER (WHERE outcome = 'taken' AND channel = 'registry') AS registry,
        count(*) FILTER (WHERE outcome = 'taken' AND channel = 'phone') AS phone,
        count(*) FILTER (WHERE outcome = 'taken' AND channel NOT IN ('site', 'registry', 'phone')) AS other
    FROM freed GROUP BY GROUPING SETS ((notice), (specialty), ())
    ORDER BY notice NULLS LAST, specialty NULLS LAST
"""


def refilled(period: Period) -> list[Refilled]:
    return fetch(Refilled, _REFILLED, _values(period))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort(ReadModel):
    """Calls about freed times on a day, and the minutes of the operators from taking a call to its outcome."""

    day: date | None
    dials: int
    fills: int
    minutes: float


_EFFORT = """
    SELECT
        (at AT TIME ZONE %(zone)s)::date AS day,
        count(*) AS dials,
        count(*) FILTER (WHERE outcome = 'booked') AS fills,
        COALESCE(sum(EXTRACT(epoch FROM at - begun_at)) / 60, 0)::float AS minutes
    FROM waitlist_callattempt
    WHERE at >= %(since)s AND at < %(until)s
    GROUP BY GROUPING SETS ((1), ()) ORDER BY day NULLS LAST
"""


def effort(period: Period) -> list[Effort]:
    return fetch(Effort, _EFFORT, _values(period))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(ReadModel):
    """Hours of slots that the waitlist kept from the public on a day, at most: caps may have allowed less."""

    day: date | None
    refusal: float
    """By the first refusal, until it ended or somebody was phoned."""
    calls: float
    """While they were offered in a call."""


_KEPT = """
    WITH kept AS (
        SELECT
            (freed_at AT TIME ZONE %(zone)s)::date AS day,
            GREATEST(EXTRACT(epoch FROM LEAST(kept_until, phoned_at, ended_at) - freed_at), 0) / 3600 AS refusal,
            0 AS calls
        FROM waitlist_freedtime
        WHERE freed_at >= %(since)s AND freed_at < %(until)s AND kept_until IS NOT NULL
        UNION ALL
        SELECT
            (attempt.at AT TIME ZONE %(zone)s)::date,
            0,
            EXTRACT(epoch FROM LEAST(attempt.at - attempt.begun_at, %(longest)s * interval '1 minute')) / 3600
                * (1 + cardinality(offer.also)) * ceil(service.minutes::numeric / shift.slot_minutes)
        FROM waitlist_callattempt attempt
        JOIN waitlist_slotoffer offer ON offer.id = attempt.offer_id
        JOIN scheduling_service service ON service.id = offer.service_id
        JOIN scheduling_slot slot ON slot.id = offer.slot_id
        JOIN scheduling_shift shift ON shift.id = slot.shift_id
        WHERE attempt.at >= %(since)s AND attempt.at < %(until)s AND attempt.begun_at IS NOT NULL
    )
    SELECT day, COALESCE(sum(refusal), 0)::float AS refusal, COALESCE(sum(calls), 0)::float AS calls
    FROM kept GROUP BY GROUPING SETS ((day), ()) ORDER BY day NULLS LAST
"""


def kept(period: Period) -> list[Kept]:
    return fetch(Kept, _KEPT, _values(period) | {"longest": settings.CALL_HOLD_MINUTES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet(ReadModel):
    """People who asked for a time and left without one, by specialty or by the hour on the clinic's clock."""

    specialty: str | None
    hour: int | None
    reason: str | None
    """Of those who did not want to wait; empty for the others, None where all reasons are counted together."""
    entries: int
    """Put on the waitlist by the contact centre at once."""
    none_suits: int
    """Of these, those to whom free times were read out."""
    requests: int
    """Handed over by the site or the desk."""
    left_without: int
    """Wanted neither a time nor to wait; who was put on the list or booked within a day is not one of them."""

    @property
    def all(self) -> int:
        return self.entries + self.requests + self.left_without


_UNMET = """
    WITH asked AS (
        SELECT entry.specialty_id, entry.created_at, 'entry' AS what, entry.none_suits, '' AS reason
        FROM waitlist_waitlistentry entry
        WHERE entry.created_at >= %(since)s AND entry.created_at < %(until)s AND entry.earlier_than_id IS NULL
            AND NOT EXISTS (SELECT FROM waitlist_waitlistrequest request WHERE request.entry_id = entry.id)
        UNION ALL
        SELECT request.specialty_id, request.created_at, 'request', false, ''
        FROM waitlist_waitlistrequest request
        WHERE request.created_at >= %(since)s AND request.created_at < %(until)s AND request.held_until IS NULL
        UNION ALL
        SELECT wish.specialty_id, wish.created_at, 'left_without', false, wish.reason
        FROM waitlist_unmetwish wish
        WHERE wish.created_at >= %(since)s AND wish.created_at < %(until)s
            AND NOT EXISTS (
                SELECT FROM waitlist_unmetwish later
                WHERE later.patient_id = wish.patient_id AND later.specialty_id = wish.specialty_id
                    AND later.created_at > wish.created_at AND later.created_at < wish.created_at + interval '1 day'
            )
            AND NOT EXISTS (
                SELECT FROM waitlist_waitlistentry entry
                WHERE entry.patient_id = wish.patient_id AND entry.specialty_id = wish.specialty_id
                    AND entry.created_at < wish.created_at + interval '1 day'
                    AND (entry.closed_at IS NULL OR entry.closed_at > wish.created_at)
            )
            AND NOT EXISTS (
                SELECT FROM scheduling_appointment visit
                JOIN scheduling_service service ON service.id = visit.service_id
                WHERE visit.patient_id = wish.patient_id AND service.specialty_id = wish.specialty_id
                    AND visit.created_at > wish.created_at AND visit.created_at < wish.created_at + interval '1 day'
            )
    )
    SELECT
        specialty.name AS specialty,
        EXTRACT(hour FROM asked.created_at AT TIME ZONE %(zone)s)::int AS hour,
        asked.reason,
        count(*) FILTER (WHERE what = 'entry') AS entries,
        count(*) FILTER (WHERE none_suits) AS none_suits,
        count(*) FILTER (WHERE what = 'request') AS requests,
        count(*) FILTER (WHERE what = 'left_without') AS left_without
    FROM asked JOIN scheduling_specialty specialty ON specialty.id = asked.specialty_id
    GROUP BY GROUPING SETS ((1), (2), (3), ()) ORDER BY specialty NULLS LAST, hour NULLS LAST, reason NULLS LAST
"""


def unmet(period: Period) -> list[Unmet]:
    return fetch(Unmet, _UNMET, _values(period))


def _values(period: Period) -> dict[str, object]:
    return {"since": period.since, "until": period.until, "zone": settings.TIME_ZONE}

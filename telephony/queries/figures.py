"""Figures of the calls that came in, by the day of the clinic's calendar, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch

SOON = 20
"""Seconds within which a call is to be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(ReadModel):
    """Calls of a day; the row of all of them comes last, without a day."""

    day: date | None
    calls: int
    hidden: int
    answered: int
    soon: int
    missed: int
    p50: float | None
    """Seconds until a call was answered."""
    p90: float | None


_ANSWERED = """
    WITH came AS (
        SELECT
            (rang_at AT TIME ZONE %(zone)s)::date AS day, number, missed_at,
            EXTRACT(epoch FROM answered_at - rang_at) AS waited
        FROM telephony_exchangecall
        WHERE rang_at >= %(since)s AND rang_at < %(until)s
    )
    SELECT
        day,
        count(*) AS calls,
        count(*) FILTER (WHERE number = '') AS hidden,
        count(waited) AS answered,
        count(*) FILTER (WHERE waited <= %(soon)s) AS soon,
        count(missed_at) AS missed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY waited)::float AS p50,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY waited)::float AS p90
    FROM came GROUP BY GROUPING SETS ((day), ()) ORDER BY day NULLS LAST
"""


def answered(since: datetime, until: datetime) -> list[Answered]:
    values = {"since": since, "until": until, "zone": settings.TIME_ZONE, "soon": SOON}
    return fetch(Answered, _ANSWERED, values)

"""Counts what visitors of the site hold without a proved phone, one of them after another (T110)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch_first
from scheduling.choices import HoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Own(ReadModel):
    """The hold of this time that the visitor has or had last."""

    since: datetime | None
    until: datetime | None
    slots: int
    """How many slots it takes; 0 when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(ReadModel):
    """Times that others hold without proof."""

    times: int
    """Of the same doctor's day, each however long."""
    slots: int
    """Of the same doctor's day."""
    all: int
    """The slots of that day that no absence closes, whoever has them."""
    of_network: int
    """Times held from the visitor's network, with whichever doctor."""


def take_turns(*, start: UUID, token: UUID, owner: str, network: str) -> Own:
    """Waits for the turn of the browser, then of the doctor's day, then of the network, until the transaction ends.

    It is a statement of its own: one sees nothing of what was written while it waited for a lock.
    """
    values = {"start": start, "token": token, "owner": owner, "network": network}
    return fetch_first(Own, _TURNS, values) or Own(since=None, until=None, slots=0)


def held(*, slots: Iterable[UUID], token: UUID, owner: str, network: str, now: datetime) -> Held:
    """Counts what others hold of the day of these slots, and from this network."""
    values = {"start": next(iter(slots)), "token": token, "owner": owner, "network": network, "now": now}
    found = fetch_first(Held, _HELD, values)
    assert found, "a statement that only counts has a row"
    return found


_TURNS = """
    WITH first AS MATERIALIZED (
        SELECT concat('day:', shift.doctor_id, shift.date) AS day,
            slot.hold_owner = %(owner)s OR slot.hold_token = %(token)s AS own, slot.held_since, slot.held_until,
            slot.hold_token
        FROM scheduling_slot slot JOIN scheduling_shift shift ON shift.id = slot.shift_id WHERE slot.id = %(start)s
    ), turns AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(hashtextextended(key, 0))
        FROM first CROSS JOIN LATERAL unnest(ARRAY[%(owner)s::text, day, %(network)s::text]) AS key WHERE key <> ''
    )
    SELECT CASE WHEN own THEN held_since END AS since, CASE WHEN own THEN held_until END AS until,
        (SELECT count(*) FROM scheduling_slot mine WHERE own AND mine.hold_token = first.hold_token) AS slots
    FROM first WHERE (SELECT count(*) FROM turns) > 0
"""
_HELD = f"""
    SELECT
        count(DISTINCT held.hold_token) FILTER (
            WHERE there.doctor_id = day.doctor_id AND there.date = day.date
        ) AS times,
        count(*) FILTER (WHERE there.doctor_id = day.doctor_id AND there.date = day.date) AS slots,
        (
            SELECT count(*) FROM scheduling_slot slot JOIN scheduling_shift shift ON shift.id = slot.shift_id
            WHERE shift.doctor_id = day.doctor_id AND shift.date = day.date AND slot.absence_id IS NULL
        ) AS all,
        count(DISTINCT held.hold_token) FILTER (
            WHERE held.hold_network = %(network)s AND held.hold_network <> ''
        ) AS of_network
    FROM scheduling_slot start JOIN scheduling_shift day ON day.id = start.shift_id
    LEFT JOIN (
        scheduling_slot held JOIN scheduling_shift there ON there.id = held.shift_id
    ) ON held.hold_token IS NOT NULL AND held.held_until > %(now)s AND held.hold_reason = '{HoldReason.SITE_FORM.value}'
        AND held.hold_owner <> %(owner)s AND held.hold_token <> %(token)s
    WHERE start.id = %(start)s
    GROUP BY day.doctor_id, day.date
"""

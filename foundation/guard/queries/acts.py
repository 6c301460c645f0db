"""Counts what was done lately, after the turns of all whose acts are counted have been taken."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch_first, fetch_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(ReadModel):
    """A limit that is reached, and the moment from which it no longer is."""

    kind: str
    until: datetime


def take_turns(keys: Sequence[str]) -> None:
    """Waits for the turn of each key, in the order given, until the transaction ends.

    It is a statement of its own: one sees nothing of what was written while it waited for a lock.
    """
    fetch_values(_TURNS, {"keys": list(keys)})


def first_reached(asked: Sequence[dict[str, object]], *, now: datetime) -> Reached | None:
    """Returns the limit that stays reached longest; each of `asked` has `kind`, `whom`, `most` and `seconds`."""
    return fetch_first(Reached, _REACHED, {"asked": json.dumps(list(asked)), "now": now})


_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%(keys)s::text[]) AS key"
_REACHED = """
    SELECT asked.kind, reached.at + make_interval(secs => asked.seconds) AS until
    FROM jsonb_to_recordset(%(asked)s::jsonb) AS asked(kind text, whom text, most int, seconds int)
    CROSS JOIN LATERAL (
        SELECT act.at FROM guard_act act
        WHERE act.kind = asked.kind AND act.whom = asked.whom
            AND act.at > %(now)s - make_interval(secs => asked.seconds)
        ORDER BY act.at DESC OFFSET greatest(asked.most - 1, 0) LIMIT 1
    ) reached
    ORDER BY until DESC LIMIT 1
"""

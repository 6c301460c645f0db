"""Reads the rows of the audit as its seals see them, and who may still be adding some."""

from dataclasses import dataclass

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch, fetch_values

_ROWS = """
    SELECT id, jsonb_build_array(
        id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        actor, actor_name, action, patient, object_ref, details, ip
    )::text AS written
    FROM audit_auditevent WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""
_WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit_auditevent'::regclass AND mode = 'RowExclusiveLock'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow(ReadModel):
    id: int
    written: str
    """Every column of the row, as one text."""


def rows(*, after: int, through: int, limit: int | None) -> list[WrittenRow]:
    return fetch(WrittenRow, _ROWS, [after, through, limit])


def newest() -> int | None:
    """Returns the id of the newest row that can be seen; None in an empty audit."""
    (found,) = fetch_values("SELECT max(id) FROM audit_auditevent")
    return found


def writers() -> set[str]:
    """Returns the other transactions that write into the audit now.

    The lock of the table is taken before an id is drawn, and is held until what was written can be seen.
    """
    return set(fetch_values(_WRITERS))

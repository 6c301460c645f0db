"""Puts indexes to sleep and foreign keys aside while millions of rows come in; then they check every row.

An index that is built once costs several times less than one grown row by row. It is not dropped: its definition,
read from the catalogue and parsed again, may come back in other words. What the migrations made stays what it was.

All is checked at the end: unique indexes and foreign keys by Postgres. Exclusions it would check by a search in the
index for each row, 28 µs for one and minutes for all; one sort in order of time shows the same in seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from standalone.seeding import sessions
from standalone.seeding.sessions import Progress, quiet

FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
    ORDER BY conname
"""
INDEXES = """
    SELECT indexrelid::regclass::text, indisexclusion FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) ORDER BY 1
"""
SLEEP = """
    UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY(%(tables)s::regclass[])
"""
EXCLUDES = "UPDATE pg_index SET indisexclusion = %s WHERE indexrelid = %s::regclass"
OVERLAPS = """
    SELECT format(
        'SELECT FROM (SELECT starts_at < lag(ends_at) OVER (PARTITION BY %%I ORDER BY starts_at) AS wrong'
        ' FROM %%s WHERE %%s) neighbours WHERE wrong LIMIT 1',
        attname, indrelid::regclass, coalesce(pg_get_expr(indpred, indrelid), 'true')
    )
    FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indexrelid = %s::regclass
"""
"""The query that looks for an overlap: every exclusion here is «one at a time», from `starts_at` to `ends_at`."""
ROW_BY_ROW = {"appointment_follows_earlier_visit": "scheduling_appointment", "person_search_new": "patients_patient"}
"""Triggers that work row by row: the load writes in any order, the rule of visits holds by construction, and the keys
of the search are made at the end, all at once."""


@dataclass(frozen=True)
class Aside:
    """Indexes that sleep, with whether they exclude; foreign keys that are away: table to (name, definition)."""

    indexes: list[tuple[str, bool]]
    foreign_keys: dict[str, list[tuple[str, str]]]


def may_put_aside() -> bool:
    """Tells whether the role may write the catalogue: only a superuser may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')::boolean")
        return cursor.fetchone()[0]


@transaction.atomic
def put_aside(models: Sequence[type[Model]]) -> Aside:
    tables = {"tables": [model._meta.db_table for model in models]}
    away = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS, tables)
        for table, name, definition in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            away[table].append((name, definition))
        cursor.execute(SLEEP, tables)
        cursor.execute(INDEXES, tables)
        indexes = cursor.fetchall()
        _switch_triggers(cursor, "DISABLE")
    return Aside(indexes, away)


def bring_back(aside: Aside, *, done: Progress = quiet) -> None:
    """Builds the indexes and brings back the foreign keys. Raises IntegrityError when a row breaks a rule.

    Rows are looked at before any index is built: a query waits for each index of its table, even one that sleeps.
    """
    indexes = _largest_first(aside.indexes)
    sessions.run_parallel(partial(_check_overlaps, name) for name, excludes in indexes if excludes)
    sessions.run_parallel([partial(_wake, name, excludes=excludes) for name, excludes in indexes], done=done)
    with transaction.atomic(), connection.cursor() as cursor:
        _switch_triggers(cursor, "ENABLE")
        for table, keys in aside.foreign_keys.items():
            for name, definition in keys:
                cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')
    sessions.run_parallel(partial(_validate, table, keys) for table, keys in aside.foreign_keys.items())


def _check_overlaps(index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS, [index])
        cursor.execute(cursor.fetchone()[0])
        if cursor.fetchone() is not None:
            raise IntegrityError(f"rows violate exclusion constraint {index}")


def _wake(index: str, *, excludes: bool) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if excludes:
            cursor.execute(EXCLUDES, [False, index])
        cursor.execute(f"REINDEX INDEX {index}")
        if excludes:
            cursor.execute(EXCLUDES, [True, index])


def _validate(table: str, keys: Iterable[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        for name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} VALIDATE CONSTRAINT "{name}"')


def _switch_triggers(cursor: CursorWrapper, how: str) -> None:
    for name, table in ROW_BY_ROW.items():
        cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {name}")


def _largest_first(indexes: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Sorts jobs so that two sessions end at about the same time: exclusions of large tables take longest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text, pg_relation_size(indrelid) FROM pg_index")
        sizes = dict(cursor.fetchall())
    return sorted(indexes, key=lambda index: (index[1], sizes[index[0]]), reverse=True)

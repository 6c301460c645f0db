"""Indexes and constraints stand aside while millions of rows come in, and are built again from their own definitions.

Building an index once is several times cheaper than growing it row by row, and a constraint that is added checks
every row there is: what a wrong row would have met at its insert, the whole load meets here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from clinic.demo.scale import sessions
from clinic.demo.scale.sessions import Progress, quiet

CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'x', 'f') AND (conrelid = ANY(%(tables)s) OR confrelid = ANY(%(tables)s))
    ORDER BY contype = 'f', contype = 'p' DESC, conname
"""
INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%(tables)s) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid
        AND contype IN ('p', 'u', 'x'))
    ORDER BY 2
"""
OUT_OF_ORDER = {"appointment_follows_earlier_visit": "scheduling_appointment"}
"""Triggers that look other rows up one by one: the load writes in any order, and the rule holds by construction."""


@dataclass(frozen=True)
class Aside:
    """What was taken away: the statements that bring it back, by table, and the foreign keys."""

    by_table: dict[str, list[str]]
    foreign_keys: dict[str, list[tuple[str, str]]]


def put_aside(models: Sequence[type[Model]]) -> Aside:
    aside = Aside(defaultdict(list), defaultdict(list))
    drops = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(name::regclass::oid) FROM unnest(%s::text[]) name", [_tables(models)])
        tables = {"tables": cursor.fetchone()[0]}
        cursor.execute(CONSTRAINTS, tables)
        for table, name, definition, kind in cursor.fetchall():
            drops.append((kind != "f", f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
            if kind == "f":
                aside.foreign_keys[table].append((name, definition))
            else:
                aside.by_table[table].append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(INDEXES, tables)
        for table, name, definition in cursor.fetchall():
            drops.append((True, f"DROP INDEX {name}"))
            aside.by_table[table].append(definition)
        for _later, drop in sorted(drops, key=lambda pair: pair[0]):
            cursor.execute(drop)
        for name, table in OUT_OF_ORDER.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    return aside


def bring_back(aside: Aside, *, done: Progress = quiet) -> None:
    """Tables side by side; foreign keys last, and their rows are checked side by side too."""
    with connection.cursor() as cursor:
        for name, table in OUT_OF_ORDER.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    sessions.together([_job(aside.by_table[table]) for table in _largest_first(aside.by_table)], done=done)
    with connection.cursor() as cursor:
        for table, keys in aside.foreign_keys.items():
            for name, definition in keys:
                cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')
    checks = [
        _job([f'ALTER TABLE {table} VALIDATE CONSTRAINT "{name}"' for name, _definition in aside.foreign_keys[table]])
        for table in _largest_first(aside.foreign_keys)
    ]
    sessions.together(checks)


def _job(statements: list[str]) -> sessions.Job:
    def run() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run


def _largest_first(tables: dict[str, list]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) name ORDER BY pg_relation_size(name::regclass) DESC, name",
            [list(tables)],
        )
        return [name for (name,) in cursor.fetchall()]


def _tables(models: Sequence[type[Model]]) -> list[str]:
    return [model._meta.db_table for model in models]

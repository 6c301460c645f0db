"""Databases of the test's own beside the one it is given, and their rows before and after."""

import gzip
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]
"""Rows by table and primary key, each value as JSON has it."""

FRAMEWORK = ("django_migrations", "django_content_type", "auth_permission")
"""Django writes these itself with every migration."""


@contextmanager
def own_database(name: str, *, copy_of: str = "template0") -> Iterator[str]:
    """Gives the address of a database on the server of the tests: empty, or a copy."""
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(copy_of))
    with connect(os.environ["DATABASE_URL"]) as server:
        _drop(server, name)
        server.execute(create)
        try:
            yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        finally:
            _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, options="-c timezone=UTC")


def restore(dump: Path, url: str) -> None:
    with connect(url) as connection:
        connection.execute(gzip.decompress(dump.read_bytes()).decode())


def rows(connection: psycopg.Connection) -> Tables:
    keys = connection.execute(
        """
        SELECT relation.relname, attribute.attname
        FROM pg_class relation
        JOIN pg_index key ON key.indrelid = relation.oid AND key.indisprimary
        JOIN pg_attribute attribute ON attribute.attrelid = relation.oid AND attribute.attnum = key.indkey[0]
        WHERE relation.relnamespace = 'public'::regnamespace AND relation.relkind = 'r'
        """
    )
    return {table: _rows_of(connection, table, key) for table, key in keys if table not in FRAMEWORK}


def _rows_of(connection: psycopg.Connection, table: str, key: str) -> dict[str, Row]:
    query = sql.SQL("SELECT {key}::text, to_jsonb({table}) FROM {table}")
    return dict(connection.execute(query.format(key=sql.Identifier(key), table=sql.Identifier(table))).fetchall())


def differences(
    before: Tables,
    after: Tables,
    *,
    renamed: dict[str, str] | None = None,
    rewritten: dict[str, str] | None = None,
    grown: Collection[str] = (),
) -> list[str]:
    """Returns a sentence for everything that is gone or changed; new tables and columns are no difference.

    `renamed`: `"table": "new table"`, `"table.column": "new column"`. `rewritten`: columns that are not looked at.
    `grown`: tables that gain rows.
    """
    renamed, rewritten = renamed or {}, rewritten or {}
    found = []
    for table, old in before.items():
        new = after.get(renamed.get(table, table))
        if new is None:
            found.append(f"{table}: the table is gone")
            continue
        more = new.keys() - old.keys() if table not in grown else ()
        found += [f"{table} {key}: the row is new" for key in more]
        found += [f"{table} {key}: the row is gone" for key in old.keys() - new.keys()]
        names = {
            column: renamed.get(f"{table}.{column}", column)
            for column in next(iter(old.values()), {})
            if f"{table}.{column}" not in rewritten
        }
        for key in old.keys() & new.keys():
            found += [f"{table} {key}: {what}" for what in _changed(old[key], new[key], names)]
    return sorted(found)


def _changed(old: Row, new: Row, names: dict[str, str]) -> Iterator[str]:
    for column, name in names.items():
        if name not in new:
            yield f"{column} is gone"
        elif old[column] != new[name]:
            yield f"{column} was {old[column]!r}, is {new[name]!r}"

"""Databases of the bench: one for each size, filled once, kept between runs, copied for what writes."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from django.core.management import get_commands
from django.db import connection
from psycopg import sql

from bench.options import short
from foundation import ttl_cache
from scheduling.actions import slots
from standalone.speech import Refusal, say
from standalone.stack import python
from standalone.supervisor import ROOT

STAYS_GOOD = timedelta(days=7)
"""How long a database is used before it is filled anew: what is free lies in the future."""


@dataclass(frozen=True)
class Size:
    slots: int
    patients: int
    waiting: int

    @property
    def name(self) -> str:
        return f"bench_{short(self.slots)}_{short(self.patients)}_{short(self.waiting)}"


@dataclass(frozen=True)
class Database:
    name: str
    size: Size

    @property
    def url(self) -> str:
        return f"{server()}/{self.name}"

    @contextmanager
    def here(self) -> Iterator[None]:
        """Makes the models of this process read and write this database inside the block."""
        connection.close()
        ttl_cache.clear()
        before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], self.name
        try:
            yield
        finally:
            connection.close()
            ttl_cache.clear()
            connection.settings_dict["NAME"] = before


def server() -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[0]


def administer() -> psycopg.Connection:
    return psycopg.connect(f"{server()}/postgres", autocommit=True)


def seeded(size: Size, *, fresh: bool = False) -> Database:
    """Fills the database unless it was filled within the last days, and migrates it in any case."""
    with administer() as postgres:
        filled_on = _filled_on(postgres, size.name)
        good = filled_on is not None and date.today() - filled_on < STAYS_GOOD and not fresh
        if not good:
            _drop(postgres, size.name)
            postgres.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(size.name)))
        database = Database(size.name, size)
        _run(database, python("standalone.prepare", "migrate"))
        if good and _retire_past(database):
            _vacuum(database)
        if not good:
            say(f"Заполняю базу {size.name}: один раз, потом она остаётся")
            _fill(database)
            _note_filled(postgres, size.name)
    return database


@contextmanager
def copied(database: Database) -> Iterator[Database]:
    """Makes a copy to write into, gone afterwards."""
    connection.close()
    name = f"{database.name}_copy"
    with administer() as postgres:
        _drop(postgres, name)
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        postgres.execute(words.format(sql.Identifier(name), sql.Identifier(database.name)))
        postgres.execute("CHECKPOINT")
        try:
            yield Database(name, database.size)
        finally:
            connection.close()
            _drop(postgres, name)


def _fill(database: Database) -> None:
    size = database.size
    if "seed_scale" in get_commands():
        numbers = ["--slots", size.slots, "--patients", size.patients, "--waiting", size.waiting]
        _run(database, python("django", "seed_scale", *numbers))
    else:
        _run(database, python("django", "demo"))
    _vacuum(database)


def _retire_past(database: Database) -> bool:
    """Retires slots that are over since the database was filled, as the clinic's own task would; False if none."""
    with database.here():
        return sum(iter(slots.retire_past, 0)) > 0


def _vacuum(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as inside:
        inside.execute("VACUUM ANALYZE")


def _run(database: Database, command: list[str]) -> None:
    environment = {**os.environ, "DATABASE_URL": database.url}
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise Refusal(f"Не удалось подготовить базу {database.name}. Причина выше.")


def _filled_on(postgres: psycopg.Connection, name: str) -> date | None:
    row = postgres.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return date.fromisoformat(row[0]) if row and row[0] else None


def _note_filled(postgres: psycopg.Connection, name: str) -> None:
    words = sql.SQL("COMMENT ON DATABASE {} IS {}")
    postgres.execute(words.format(sql.Identifier(name), sql.Literal(date.today().isoformat())))


def _drop(postgres: psycopg.Connection, name: str) -> None:
    postgres.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

"""A connection that does not wait for ever: a server that hangs keeps its socket open and says nothing.

The limits of Postgres itself (`lock_timeout`, `statement_timeout`) end what goes on too long on a server that is well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import RV, PQGen
from psycopg.cursor import Cursor

ANSWER_SECONDS = 6.0
"""Longer than a lock is waited for, which has a sentence of its own."""
CHECK_SECONDS = 0.9
"""The pool asks a connection before it is used, with an empty statement. `/readyz` waits as long for a write."""


class NoAnswer(psycopg.OperationalError):
    """The server holds the connection and says nothing."""


class PatientConnection(psycopg.Connection[Any]):
    _seconds = ANSWER_SECONDS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Waits for an answer. Raises NoAnswer, and is of no use any more, when none comes in time."""
        seconds = timeout or self._seconds
        try:
            return super().wait(gen, interval, seconds)
        except errors._WaitTimeout:
            self.pgconn.finish()
            raise NoAnswer(f"the database has not answered within {seconds:g} s") from None

    def execute(self, *args: Any, **options: Any) -> Cursor[Any]:
        """Runs the check of the pool: whatever else is run has a cursor of Django's."""
        with self.short_of_patience():
            return super().execute(*args, **options)

    @contextmanager
    def short_of_patience(self) -> Iterator[None]:
        """Waits for less than a second for each answer."""
        self._seconds = CHECK_SECONDS
        try:
            yield
        finally:
            self._seconds = ANSWER_SECONDS

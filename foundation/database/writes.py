"""Collects the writes of an action and sends them to the database in one statement, so that none is lost.

A booking is an appointment, its slots, an event, audit rows, a message and a registry entry: nine round trips for
rows that nobody reads before the transaction ends. Inside `@writes.atomic` they wait, and leave as one statement of
data-modifying CTEs: at the end of the action, and by themselves before any other statement of the same connection and
before a second write of the same row. So whatever comes after a write finds it, as it would with `save()`; an action
that reads first and writes then has one write. Anywhere else `insert` and `update` write at once.

What goes round Django's cursors is not noticed: psycopg's `cursor.copy()` and `cursor.stream()`, `callproc()`, and
statements on the driver's own connection.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model

from foundation.database import write_sql
from foundation.database.write_sql import Part

P = ParamSpec("P")
R = TypeVar("R")
IGNORE = "ON CONFLICT DO NOTHING"
"""Leaves a row that is there already as it is."""

_waiting: ContextVar[list[Part] | None] = ContextVar("writes of the open action", default=None)


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """Runs an action in `transaction.atomic`; the actions it calls join its one write and have no savepoint.

    One that fails takes the outer one with it, even if that catches the error.
    """

    @wraps(action)
    def joined(*args: P.args, **kwargs: P.kwargs) -> R:
        if _waiting.get() is not None:
            try:
                return action(*args, **kwargs)
            except BaseException:
                transaction.set_rollback(True)
                raise
        with transaction.atomic(), _collected():
            return action(*args, **kwargs)

    return joined


def insert(*rows: Model, conflict: str = "") -> None:
    """Writes new rows of one model, as they are now; the objects are then those of rows that exist.

    `conflict` says in SQL what becomes of a row that a unique constraint knows already. A key or a default that the
    database gives is not read back. Raises TypeError for an expression: what is written has to be known.
    """
    if rows:
        _add(write_sql.build_insert(rows, conflict))
        for row in rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(rows: Sequence[Model], **columns: Any) -> None:
    """Writes the same values to rows the caller has locked; the objects carry them as well.

    A related object may be given as itself or by its key (`doctor=…` or `doctor_id=…`). Raises TypeError for an
    expression such as `F()`, ValueError for an object that has no key. Values are `Any` as they are in a model.
    """
    if rows:
        _add(write_sql.build_update(rows, columns))


@contextmanager
def _collected() -> Iterator[None]:
    token = _waiting.set([])
    try:
        with connection.execute_wrapper(_flush_before):
            yield
            connection.validate_no_broken_transaction()  # an error that was caught is not the end of it
            _flush()
    finally:
        _waiting.reset(token)


def _add(part: Part) -> None:
    waiting = _waiting.get()
    if waiting is None:
        _write([part])
        return
    if any(part.must_follow(other) for other in waiting):
        _flush()
    waiting.append(part)


def _flush_before(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
    """Writes what waits, then runs the statement that would have overtaken it.

    Whatever waits came after the last savepoint, which was a statement too: going back to one drops it as well. Django
    gives wrappers no types.
    """
    if _waiting.get():
        if str(sql).startswith("ROLLBACK TO SAVEPOINT"):
            _pop_waiting()
        else:
            _flush(at_savepoint=str(sql).startswith("RELEASE SAVEPOINT"))
    return execute(sql, *rest)


def _flush(*, at_savepoint: bool = False) -> None:
    if parts := _pop_waiting():
        _write(parts, at_savepoint=at_savepoint)


def _pop_waiting() -> list[Part]:
    """Empties the list of waiting writes and returns them, so that their own statement finds nothing to write first."""
    waiting = _waiting.get() or []
    parts, waiting[:] = list(waiting), []
    return parts


def _write(parts: list[Part], *, at_savepoint: bool = False) -> None:
    """Writes the parts; a failure ends the transaction, even if it is caught, unless a savepoint takes it back."""
    failing = nullcontext() if at_savepoint else transaction.mark_for_rollback_on_error(using=DEFAULT_DB_ALIAS)
    with failing, connection.cursor() as cursor:
        cursor.execute(*write_sql.compile_parts(parts))

"""One action, one write: what an action leaves behind goes to the database in one statement.

A booking is an appointment, its slots, an event, audit rows, a message and a registry entry: nine round trips for
rows that nobody reads before the transaction ends. Inside `@together.atomic` they wait, and leave as one statement of
data-modifying CTEs at its end; foreign keys are deferred, so their order does not matter. Anywhere else `insert` and
`update` write at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import connection, transaction
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import UpdateQuery

P = ParamSpec("P")
R = TypeVar("R")
Compiled = tuple[str, list[Any]]
REMEMBERED = 50


class Insert(NamedTuple):
    model: type[Model]
    rows: list[Model]
    once: bool


class Update(NamedTuple):
    queryset: QuerySet[Any]
    columns: dict[str, Any]


_waiting: ContextVar[list[Insert | Update] | None] = ContextVar("writes of the open action", default=None)


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """`transaction.atomic` for an action; those it calls join its one write and have no savepoint of their own.

    One that fails takes the outer one with it, even if that catches the error.
    """

    @wraps(action)
    def joined(*args: P.args, **kwargs: P.kwargs) -> R:
        if _waiting.get() is not None:
            with transaction.atomic(savepoint=False):
                return action(*args, **kwargs)
        with transaction.atomic(), _collected():
            return action(*args, **kwargs)

    return joined


def insert(*rows: Model, once: bool = False) -> None:
    """New rows of one model. `once`: a row that a unique constraint knows already is left as it is."""
    if rows:
        _add(Insert(type(rows[0]), list(rows), once))


def update(queryset: QuerySet[Any], **columns: Any) -> None:
    """Rows the caller has locked: how many there were is not told. One row once in an action: a second change of it

    would be lost in the same statement.
    """
    _add(Update(queryset, columns))


def flush() -> None:
    """Writes what waits now, for an action that goes on to read it."""
    waiting = _waiting.get()
    if waiting:
        parts, waiting[:] = list(waiting), []
        _write(parts)


@contextmanager
def _collected() -> Iterator[None]:
    token = _waiting.set([])
    try:
        yield
        _write(_waiting.get() or [])
    finally:
        _waiting.reset(token)


def _add(part: Insert | Update) -> None:
    waiting = _waiting.get()
    if waiting is None:
        _write([part])
    else:
        waiting.append(part)


def _write(parts: list[Insert | Update]) -> None:
    for compiled in _statements([_compiled(part) for part in _merged(parts)]):
        *first, last = (sql for sql, _values in compiled)
        ctes = ", ".join(f"part{number} AS ({sql})" for number, sql in enumerate(first))
        values = [value for _sql, part in compiled for value in part]
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {ctes} {last}" if ctes else last, values)
    for part in parts:
        if isinstance(part, Insert):
            for row in part.rows:
                row._state.adding, row._state.db = False, connection.alias


def _statements(compiled: list[Compiled]) -> Iterator[list[Compiled]]:
    """As few statements as keep below the number of parameters up to which the driver remembers a statement."""
    statement: list[Compiled] = []
    for sql, values in compiled:
        if statement and sum(len(part) for _sql, part in statement) + len(values) > REMEMBERED:
            yield statement
            statement = []
        statement.append((sql, values))
    if statement:
        yield statement


def _merged(parts: list[Insert | Update]) -> list[Insert | Update]:
    """Rows of one table are one INSERT."""
    merged: list[Insert | Update] = []
    for part in parts:
        same = (each for each in merged if isinstance(each, Insert) and isinstance(part, Insert) and _alike(each, part))
        if isinstance(part, Insert) and (known := next(same, None)):
            known.rows.extend(part.rows)
        else:
            merged.append(part._replace(rows=list(part.rows)) if isinstance(part, Insert) else part)
    return merged


def _alike(one: Insert, other: Insert) -> bool:
    return (one.model, one.once) == (other.model, other.once)


def _compiled(part: Insert | Update) -> Compiled:
    if isinstance(part, Update):
        query: Any = part.queryset.query.chain(UpdateQuery)
        query.add_update_values(part.columns)
        sql, values = query.get_compiler(connection.alias).as_sql()
        return sql, list(values)
    columns = [field for field in part.model._meta.local_concrete_fields if not field.generated]
    rows = [{field: field.pre_save(row, add=True) for field in columns} for row in part.rows]
    fields = tuple(field for field in columns if _is_written([row[field] for row in rows]))
    values = [field.get_db_prep_save(row[field], connection) for row in rows for field in fields]
    return _insert_sql(part.model, fields, len(rows), part.once), values


def _is_written(values: list[Any]) -> bool:
    """What the database fills in itself and what is NULL anyway is left to it."""
    return any(not (value is None or isinstance(value, DatabaseDefault)) for value in values)


@lru_cache(maxsize=200)
def _insert_sql(model: type[Model], fields: "tuple[Field[Any, Any], ...]", rows: int, once: bool) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    conflict = " ON CONFLICT DO NOTHING" if once else ""
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * rows)}{conflict}"

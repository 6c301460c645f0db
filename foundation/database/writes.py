"""One action, one write: what an action leaves behind goes to the database in one statement.

A booking is an appointment, its slots, an event, audit rows, a message and a registry entry: nine round trips for
rows that nobody reads before the transaction ends. Inside `@writes.atomic` they wait, and leave as one statement of
data-modifying CTEs at its end; foreign keys are deferred, so their order does not matter. Anywhere else `insert` and
`update` write at once.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.utils.functional import Promise

P = ParamSpec("P")
R = TypeVar("R")
Compiled = tuple[str, list[Any]]
IGNORE = "ON CONFLICT DO NOTHING"
"""A row that is there already is left as it is."""


def _as_text(value: object) -> str:
    """As Postgres reads it. Anything else is a mistake and no text: an object must not slip into the trail."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise TypeError("a moment without a time zone")
    if isinstance(value, (UUID, date, time, Decimal, Promise)):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a value of a column")


_as_json = json.JSONEncoder(default=_as_text, ensure_ascii=False).encode


class Insert(NamedTuple):
    model: type[Model]
    rows: list[Model]
    conflict: str


class Update(NamedTuple):
    model: type[Model]
    rows: list[Model]
    columns: dict[str, Any]


_waiting: ContextVar[list[Insert | Update] | None] = ContextVar("writes of the open action", default=None)


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """`transaction.atomic` for an action; those it calls join its one write and have no savepoint of their own.

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
    """New rows of one model. `conflict` says in SQL what becomes of one that a unique constraint knows already."""
    if rows:
        _add(Insert(type(rows[0]), list(rows), conflict))


def update(rows: Sequence[Model], **columns: Any) -> None:
    """Rows the caller has locked; the objects stay as they are.

    One row once in an action: a second change of it would be lost in the same statement.
    """
    if rows:
        _add(Update(type(rows[0]), list(rows), columns))


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
    if not parts:
        return
    *first, last = written = [_compiled(part) for part in _merged(parts)]
    ctes = ", ".join(f"part{number} AS ({sql})" for number, (sql, _values) in enumerate(first))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {ctes} {last[0]}" if ctes else last[0], [value for _sql, values in written for value in values]
        )
    for part in parts:
        if isinstance(part, Insert):
            for row in part.rows:
                row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


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
    return (one.model, one.conflict) == (other.model, other.conflict)


def _compiled(part: Insert | Update) -> Compiled:
    return _insert(part) if isinstance(part, Insert) else _update(part)


def _insert(part: Insert) -> Compiled:
    rows = [_row(row) for row in part.rows]
    written = tuple(dict.fromkeys(column for row in rows for column in row))
    given = [set(row) & _by_default(part.model) for row in rows]
    if any(columns != given[0] for columns in given):
        raise ValueError(f"{part.model.__name__}: a column is given in some rows and left to its default in others")
    return _insert_sql(part.model, written, part.conflict), [_as_json(rows)]


def _row(row: Model) -> dict[str, Any]:
    """What the database fills in itself and what is NULL anyway is left to it."""
    found = {}
    for column, name, before, prepared in _columns(type(row)):
        value = before(row, True) if before else getattr(row, name)
        if value is not None and not isinstance(value, DatabaseDefault):
            found[column] = prepared(value) if prepared else value
    return found


def _update(part: Update) -> Compiled:
    fields: list[Any] = [part.model._meta.get_field(name) for name in part.columns]
    values = [
        field.get_db_prep_save(value.pk if isinstance(value, Model) else value, connection)
        for field, value in zip(fields, part.columns.values(), strict=True)
    ]
    keys = [row.pk for row in part.rows]
    sql = _update_sql(part.model, tuple(str(field.column) for field in fields), len(keys) == 1)
    return sql, [*values, keys[0] if len(keys) == 1 else keys]


class Column(NamedTuple):
    name: str
    attribute: str
    before: Callable[[Model, bool], Any] | None
    """Where the value comes from, if not from the attribute alone: `auto_now_add`."""
    prepared: Callable[[Any], Any] | None
    """What becomes of it: None for Django's own fields, whose values are taken as they are, a hundred in a booking. A
    field that turns one value into another has a `get_prep_value` of its own."""


@cache
def _columns(model: type[Model]) -> tuple[Column, ...]:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    return tuple(Column(str(field.column), field.attname, _before(field), _prepared(field)) for field in fields)


def _before(field: "Field[Any, Any]") -> Callable[[Model, bool], Any] | None:
    return None if type(field).pre_save is Field.pre_save else field.pre_save


def _prepared(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    own = type(field).get_prep_value.__module__.startswith("django.db.models.fields")
    return None if own else field.get_prep_value


@cache
def _by_default(model: type[Model]) -> frozenset[str]:
    """Columns that the database fills in itself."""
    return frozenset(str(field.column) for field in model._meta.local_concrete_fields if field.has_db_default())


@lru_cache(maxsize=200)
def _insert_sql(model: type[Model], written: tuple[str, ...], conflict: str) -> str:
    """All rows are one parameter: of many the driver takes longer to find their places than Postgres to write them."""
    table, columns = _quoted(model._meta.db_table), ", ".join(_quoted(column) for column in written)
    given = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {given} {conflict}"


@lru_cache(maxsize=200)
def _update_sql(model: type[Model], columns: tuple[str, ...], one_row: bool) -> str:
    """One key is compared as one: for an array of unknown length Postgres would plan anew every time."""
    written = ", ".join(f"{_quoted(column)} = %s" for column in columns)
    key = _quoted(str(model._meta.pk.column))
    return f"UPDATE {_quoted(model._meta.db_table)} SET {written} WHERE {key} = {'%s' if one_row else 'ANY(%s)'}"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)

"""Builds the one statement that writes all waiting rows and columns."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeGuard
from uuid import UUID

from django.db import connection
from django.db.models import DateField, Field, Model, TimeField
from django.db.models.expressions import DatabaseDefault
from django.utils.functional import Promise

Compiled = tuple[str, list[Any]]


@dataclass(slots=True)
class Insert:
    model: type[Model]
    keys: set[Any]
    """Keys of its rows; a key that the database gives is not among them."""
    conflict: str
    columns: dict[str, None]
    """An ordered set of the columns that have a value in one of the rows."""
    by_default: frozenset[str]
    """Columns with a default of the database that have a value."""
    rows: list[str]
    """The rows in JSON."""

    def must_follow(self, other: "Part") -> bool:
        """Tells whether it needs a statement after `other`: an update of its table, or a write of the same row.

        The update may have made room for the new row.
        """
        return other.model is self.model and (isinstance(other, Update) or not self.keys.isdisjoint(other.keys))


@dataclass(slots=True)
class Update:
    model: type[Model]
    keys: set[Any]
    columns: tuple[str, ...]
    values: list[Any]

    def must_follow(self, other: "Part") -> bool:
        """Tells whether it needs a statement after `other`, because that may write the same row.

        An `ON CONFLICT … DO UPDATE` may write any row of the table.
        """
        if other.model is not self.model:
            return False
        return not self.keys.isdisjoint(other.keys) or (isinstance(other, Insert) and "DO UPDATE" in other.conflict)


Part = Insert | Update


def build_insert(rows: Sequence[Model], conflict: str) -> Insert:
    """Returns the insert of these rows.

    Raises TypeError for what is no value of a column, ValueError for a default given in some of the rows.
    """
    model = type(rows[0])
    found = [_row(row) for row in rows]
    columns = dict.fromkeys(found[0])
    by_default = _by_default(model)
    given = by_default & columns.keys()
    for row in found[1:]:
        columns |= dict.fromkeys(row)
        if by_default & row.keys() != given:
            raise ValueError(f"{model.__name__}: a column is given in some rows and left to its default in others")
    keys = {row.pk for row in rows}
    return Insert(model, keys - {None}, conflict, columns, by_default=given, rows=[_as_json(row) for row in found])


def build_update(rows: Sequence[Model], columns: Mapping[str, Any]) -> Update:
    """Sets the values on the objects and returns the update that writes them.

    Raises TypeError for an expression, ValueError for a row without a key.
    """
    model = type(rows[0])
    keys = {row.pk for row in rows}
    if None in keys:
        raise ValueError(f"{model.__name__}: a row without a key cannot be updated; insert it or read it first")
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    for field, value in zip(fields, map(_plain_value, columns.values()), strict=True):
        name = field.name if isinstance(value, Model) else field.attname
        for row in rows:
            setattr(row, name, value)
    return Update(
        model=model,
        keys=keys,
        columns=tuple(str(field.column) for field in fields),
        values=[field.get_db_prep_save(getattr(rows[0], field.attname), connection) for field in fields],
    )


def compile_parts(parts: Sequence[Part]) -> Compiled:
    *first, last = written = [_insert(part) if isinstance(part, Insert) else _update(part) for part in _merged(parts)]
    ctes = ", ".join(f"part{number} AS ({sql})" for number, (sql, _values) in enumerate(first))
    sql = f"WITH {ctes} {last[0]}" if ctes else last[0]
    return sql, [value for _sql, values in written for value in values]


def _merged(parts: Sequence[Part]) -> list[Part]:
    """Merges inserts into one table into one INSERT."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, Insert) and (known := next((each for each in merged if _alike(each, part)), None)):
            known.columns |= part.columns
            known.rows += part.rows
        else:
            merged.append(part)
    return merged


def _alike(one: Part, other: Insert) -> TypeGuard[Insert]:
    if not isinstance(one, Insert) or one.model is not other.model:
        return False
    return (one.conflict, one.by_default) == (other.conflict, other.by_default)


def _insert(part: Insert) -> Compiled:
    return _insert_sql(part.model, tuple(part.columns), part.conflict), [f"[{','.join(part.rows)}]"]


def _update(part: Update) -> Compiled:
    keys = list(part.keys)
    one_row = len(keys) == 1
    return _update_sql(part.model, part.columns, one_row), [*part.values, keys[0] if one_row else keys]


def _row(row: Model) -> dict[str, Any]:
    """Returns the values of a row, without those that are NULL or that the database fills in itself."""
    found = {}
    for column, name, before, prepared, by_default in _columns(type(row)):
        value = before(row, True) if before else getattr(row, name)
        if value is not None and not (by_default and isinstance(value, DatabaseDefault)):
            found[column] = prepared(_plain_value(value)) if prepared else value
    return found


def _plain_value(value: Any) -> Any:
    """Returns the value. Raises TypeError for an expression, because what the row would hold could not be told."""
    if hasattr(value, "resolve_expression"):
        raise TypeError(
            f"{value!r} is an expression, and what is written here has to be known: "
            "read the locked row and give the value, or use QuerySet.update()"
        )
    return value


def _as_text(value: object) -> str:
    """Returns the value as Postgres reads it. Raises TypeError for anything else: no object may slip into the trail."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise TypeError("a moment without a time zone")
    if isinstance(value, (UUID, date, time, Decimal, Promise)):
        return str(value)
    raise TypeError(f"{type(_plain_value(value)).__name__} is not a value of a column")


_as_json = json.JSONEncoder(default=_as_text, ensure_ascii=False).encode


class Column(NamedTuple):
    name: str
    attribute: str
    before: Callable[[Model, bool], Any] | None
    """A function that makes the value, if it is not the attribute alone: `auto_now_add`."""
    prepared: Callable[[Any], Any] | None
    """The field's own `get_prep_value`; None for Django's fields.

    Their values are taken as they are, a hundred in a booking.
    """
    by_default: bool
    """The database fills the column in when nobody does."""


@cache
def _columns(model: type[Model]) -> tuple[Column, ...]:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    return tuple(
        Column(str(field.column), field.attname, _before(field), _prepared(field), field.has_db_default())
        for field in fields
    )


def _before(field: "Field[Any, Any]") -> Callable[[Model, bool], Any] | None:
    own = type(field).pre_save is not Field.pre_save
    of_the_clock = isinstance(field, (DateField, TimeField)) and not (field.auto_now or field.auto_now_add)
    return field.pre_save if own and not of_the_clock else None


def _prepared(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    own = type(field).get_prep_value.__module__.startswith("django.db.models.fields")
    return None if own else field.get_prep_value


@cache
def _by_default(model: type[Model]) -> frozenset[str]:
    """Returns the columns that the database fills in itself."""
    return frozenset(column.name for column in _columns(model) if column.by_default)


@lru_cache(maxsize=200)
def _insert_sql(model: type[Model], written: tuple[str, ...], conflict: str) -> str:
    """Returns an INSERT with all rows in one parameter.

    The driver takes longer to place many than Postgres to write them.
    """
    table, columns = _quoted(model._meta.db_table), ", ".join(_quoted(column) for column in written)
    given = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {given} {conflict}"


@lru_cache(maxsize=200)
def _update_sql(model: type[Model], columns: tuple[str, ...], one_row: bool) -> str:
    """Returns an UPDATE that compares one key with `=`: for an array Postgres would plan anew every time."""
    written = ", ".join(f"{_quoted(column)} = %s" for column in columns)
    key = _quoted(str(model._meta.pk.column))
    return f"UPDATE {_quoted(model._meta.db_table)} SET {written} WHERE {key} = {'%s' if one_row else 'ANY(%s)'}"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)

"""Frozen read models: rows of a hand-written SELECT, made by the names of its columns.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ShownRoom(KeyedReadModel):
        id: UUID
        name: str
        location: ShownLocation

A field is filled from the column of its name; one that is a read model itself, from the columns `location__...`, and
with None where it may be None and an outer join found no row. A field that is a Django model is read whole, so that
it can be written. What was not read cannot be asked for: there is no such attribute. What has a key is made once in a
result: ten slots of one doctor share the doctor.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from operator import itemgetter
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model


class ReadModel:
    """The base of read models: subclasses are frozen dataclasses with slots, made by keywords only."""

    __slots__ = ()


class KeyedReadModel(ReadModel):
    """A read model of something that has a key; it answers to `pk` as a Django model does."""

    __slots__ = ()

    id: UUID

    @property
    def pk(self) -> UUID:
        return self.id


R = TypeVar("R", bound=ReadModel | Model)
Row = tuple[Any, ...]
Made = dict[tuple[int, Any], Any]
"""Objects made so far for the rows of one result, by the place of the key among the columns, and the key."""
Maker = Callable[[Row, Made], R]


def columns(read: type[ReadModel | Model], table: str) -> str:
    """Returns the select list for `read`: columns of `table`, and of tables named as the read models inside.

    They are listed by name, never as `*`: a prepared `SELECT *` breaks when a migration adds a column.
    """
    return _listed(_columns(read, table, ""))


def nested_columns(**fields: type[ReadModel | Model]) -> str:
    """Returns the select list for fields of a read model, each from the table of its name: `slot=ShownSlot`."""
    return ", ".join(_listed(_columns(read, name, f"{name}__")) for name, read in fields.items())


def _listed(aliased: Iterator[tuple[str, str]]) -> str:
    return ", ".join(f'{column} AS "{alias}"' for alias, column in aliased)


def maker(read: type[R], names: Sequence[str]) -> Maker[R]:
    """Returns a function that makes `read` of rows with these columns.

    Raises TypeError when they are not the columns of `read`.
    """
    wanted, places = dict(_columns(read, "", "")).keys(), {name: place for place, name in enumerate(names)}
    problems = {
        "it lacks": wanted - places.keys(),
        "superfluous": places.keys() - wanted,
        "there twice": {name for name in names if names.count(name) > 1},
    }
    if any(problems.values()):
        told = "; ".join(f"{problem}: {', '.join(sorted(found))}" for problem, found in problems.items() if found)
        raise TypeError(f"The statement cannot be read as {read.__name__}. Put its columns right ({told}).")
    return _maker(read, places, "")


class _Inner(NamedTuple):
    """A field that takes several columns."""

    read: type[ReadModel | Model]
    optional: bool


def _fields(read: type[ReadModel]) -> dict[str, _Inner | None]:
    """Returns the fields by name, with the read model inside; None for a field of one value."""
    hints = get_type_hints(read)
    return {field.name: _inner(hints[field.name]) for field in fields(read)}  # type: ignore[arg-type]  # a dataclass


def _inner(hint: Any) -> _Inner | None:
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    read = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, ReadModel | Model)), None)
    return _Inner(read, optional=type(None) in kinds) if read else None


def _columns(read: type[Any], table: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Returns aliases with the columns they stand for."""
    if issubclass(read, Model):
        for column in read._meta.concrete_fields:
            yield prefix + column.attname, f'{table}."{column.column}"'
        return
    for name, inner in _fields(read).items():
        if inner:
            yield from _columns(inner.read, name, f"{prefix}{name}__")
        else:
            yield prefix + name, f'{table}."{name}"'


def _maker(read: type[R], places: Mapping[str, int], prefix: str) -> Maker[R]:
    if issubclass(read, Model):
        return _model_maker(read, places, prefix)
    names = _fields(read).items()
    values = [(name, places[prefix + name]) for name, inner in names if inner is None]
    parts = [(name, _part(inner, places, f"{prefix}{name}__")) for name, inner in names if inner]

    def make(row: Row, made: Made) -> Any:
        told = {name: row[place] for name, place in values}
        for name, part in parts:
            told[name] = part(row, made)
        return read(**told)

    return make


def _part(inner: _Inner, places: Mapping[str, int], prefix: str) -> Maker[Any]:
    """Returns a maker that makes an object with a key once for all rows."""
    make = _maker(inner.read, places, prefix)
    if not issubclass(inner.read, KeyedReadModel | Model):
        return make
    place, optional = places[f"{prefix}id"], inner.optional

    def once(row: Row, made: Made) -> Any:
        key = row[place]
        if key is None and optional:
            return None
        found = made.get((place, key))
        if found is None:
            found = made[place, key] = make(row, made)
        return found

    return once


def _model_maker(model: type[Any], places: Mapping[str, int], prefix: str) -> Maker[Any]:
    """Returns a maker that fills all columns of a model, so that none is deferred."""
    names = [field.attname for field in model._meta.concrete_fields]
    converted = [
        (at, field.from_db_value)
        for at, field in enumerate(model._meta.concrete_fields)
        if hasattr(field, "from_db_value")
    ]
    value_of = itemgetter(*[places[prefix + name] for name in names])

    def make(row: Row, made: Made) -> Any:
        values = list(value_of(row))
        for at, convert in converted:
            values[at] = convert(values[at], None, connection)
        return model.from_db(DEFAULT_DB_ALIAS, names, values)

    return make

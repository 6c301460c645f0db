"""Runs hand-written SELECTs, for hot pages where the ORM costs more than the statement.

fetch(ShownRoom, f"SELECT {columns(ShownRoom, 'room')} FROM scheduling_room room JOIN ...", [...])
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from foundation.database.read_models import Made, Maker, R, Row, maker

Values = Sequence[Any] | Mapping[str, Any]
Names = tuple[bytes, ...]
_makers: dict[tuple[type, Names], Any] = {}


def fetch(read: type[R], sql: str, values: Values = (), *, of: BaseDatabaseWrapper | None = None) -> list[R]:
    """Returns all rows of a statement as `read`: a read model, or a Django model that is read whole."""
    with (of or connection).cursor() as cursor:
        cursor.cursor.row_factory = partial(_row_factory, read)
        cursor.execute(sql, values)
        found: list[R] = cursor.fetchall()
    return found


def fetch_first(read: type[R], sql: str, values: Values = ()) -> R | None:
    return next(iter(fetch(read, sql, values)), None)


def fetch_values(sql: str, values: Values = ()) -> list[Any]:
    """Returns the values of a statement that has one column."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [value for (value,) in cursor.fetchall()]


def _row_factory(read: type[R], cursor: Any) -> Callable[[Row], R]:
    """Makes a row factory of psycopg, called once for each result; `description` would take longer than the rest."""
    result = cursor.pgresult
    names: Names = tuple([result.fname(place) for place in range(result.nfields)])
    make: Maker[R] | None = _makers.get((read, names))
    if make is None:
        make = _makers[read, names] = maker(read, [name.decode() for name in names])
    made: Made = {}
    return lambda row: make(row, made)

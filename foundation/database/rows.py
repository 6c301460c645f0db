"""Objects out of hand-written SELECTs, where a page is asked all day and the ORM costs more than the statement.

    SLOT, DOCTOR = Columns(Slot, "slot"), Columns(Doctor, "doctor", "id", "slug")
    for row in fetch(f"SELECT {listed(SLOT, DOCTOR)} FROM ...", [...]):
        values = iter(row)
        slot, doctor = SLOT.read(values), DOCTOR.read(values)

Columns are named: a prepared `SELECT *` breaks when a migration adds one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DEFERRED, Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """The columns of a model under the name its table has in the statement; all of them unless `names` are given.

    What is not read is fetched when it is asked for.
    """

    def __init__(self, model: type[M], table: str, *names: str) -> None:
        every = model._meta.concrete_fields
        if unknown := set(names) - {field.attname for field in every}:
            raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
        fields = {place: field for place, field in enumerate(every) if not names or field.attname in names}
        self._model = model
        self._unread = [DEFERRED] * len(every)
        self._places = list(fields)
        self._converted = [
            (place, field.from_db_value) for place, field in fields.items() if hasattr(field, "from_db_value")
        ]
        self._key = next(place for place, field in fields.items() if field.primary_key)
        self.width = len(fields)
        self.sql = ", ".join(f'{table}."{field.column}"' for field in fields.values())

    def read(self, values: Iterator[Any]) -> M:
        """Takes as many values as there are columns."""
        return self._made(self._taken(values))

    def read_any(self, values: Iterator[Any]) -> M | None:
        """None where an outer join found no row."""
        taken = self._taken(values)
        return None if taken[self._key] is None else self._made(taken)

    def one(self, sql: str, values: Sequence[Any]) -> M | None:
        """Of a statement that asks for these columns alone."""
        return next(iter(self.all(sql, values)), None)

    def all(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[M]:
        return [self.read(iter(row)) for row in fetch(sql, values)]

    def _taken(self, values: Iterator[Any]) -> list[Any]:
        row = self._unread.copy()
        for place in self._places:
            row[place] = next(values)
        return row

    def _made(self, row: list[Any]) -> M:
        for place, convert in self._converted:
            row[place] = convert(row[place], None, connection)
        return self._model.from_db(DEFAULT_DB_ALIAS, (), row)


def listed(*columns: Columns[Any]) -> str:
    return ", ".join(each.sql for each in columns)


def fetch(
    sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, of: BaseDatabaseWrapper | None = None
) -> list[tuple[Any, ...]]:
    with (of or connection).cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found

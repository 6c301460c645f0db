"""Pieces of SQL: the server makes the rows itself, many times faster than they could be sent to it.

Nothing is random twice: a draw is a hash of the row's number, so the same plan gives the same rows in any order.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

SEED = 317
POSITIVE = (1 << 62) - 1


def draw(number: str, salt: int, out_of: int) -> str:
    """Returns SQL for a number from 0 to out_of − 1, evenly; each `salt` is a draw of its own."""
    return f"mod(hashint8extended({number}, {SEED + salt}) & {POSITIVE}, {out_of})"


def chance(number: str, salt: int, thousandths: int) -> str:
    return f"({draw(number, salt, 1000)} < {thousandths})"


def pick(values: str, number: str, salt: int, count: int) -> str:
    """Returns SQL for one of `count` values of an SQL array."""
    return f"({values})[1 + {draw(number, salt, count)}]"


def milliseconds(moment: str) -> str:
    return f"(extract(epoch FROM {moment}) * 1000)::bigint"


def uuid7(at_ms: str, number: str, salt: int) -> str:
    """Returns SQL for a key in the product's layout.

    48 bits of milliseconds, 12 bits that keep the order within one, the rest by hash.
    """
    order = f"lpad(to_hex({number} & 4095), 3, '0')"
    tail = f"substr(lpad(to_hex(hashint8extended({number}, {SEED + salt})), 16, '0'), 2)"
    return f"(lpad(to_hex({at_ms}), 12, '0') || '7' || {order} || '8' || {tail})::uuid"


def insert(model: type[Model], source: str, values: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Returns `INSERT … SELECT` of a whole row and its parameters.

    `values` gives SQL by column; columns it does not know get the default of their field.
    """
    columns, expressions, defaults = [], [], {}
    for field in model._meta.concrete_fields:
        expression = values.get(str(field.column))
        if expression is None:
            if not _needs_value(field):
                continue
            name = f"{model._meta.db_table}_{field.column}"
            defaults[name] = _default(field)
            expression = f"%({name})s"
        columns.append(f'"{field.column}"')
        expressions.append(f"({expression})::{_type(field)}")
    statement = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(expressions)} {source}"
    return statement, defaults


def _needs_value(field: Field) -> bool:
    made_by_database = field.generated or field.has_db_default() or field.db_returning
    return not made_by_database


def _default(field: Field) -> Any:
    stamped = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
    return field.get_db_prep_save(timezone.now() if stamped else field.get_default(), connection)


def _type(field: Field) -> str:
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))

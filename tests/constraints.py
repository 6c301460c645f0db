"""Cases of what the database itself refuses, by name; a case writes past every action and form."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

Cases = dict[str, Callable[[], object]]


@contextmanager
def violates(name: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():  # noqa: PT012
        yield
        settle()
    assert refused.value.__cause__.diag.constraint_name == name


def settle() -> None:
    """Checks at once the constraints that would be checked at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rewrite(row: Model, **columns: object) -> int:
    return type(row)._base_manager.filter(pk=row.pk).update(**columns)


def same_number(first: Model, second: Model) -> None:
    """Makes two rows with one id, where only the wider key is left to see it."""
    settle()
    table = first._meta.db_table
    run_sql(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey CASCADE")
    rewrite(second, id=first.pk)


def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)

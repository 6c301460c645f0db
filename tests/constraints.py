"""What the database itself refuses, by name. A case writes past every action and form."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

Cases = dict[str, Callable[[], object]]


@contextmanager
def violates(name: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():  # noqa: PT012
        yield
        settle()
    assert refused.value.__cause__.diag.constraint_name == name


def settle() -> None:
    """Checks at once what would be checked at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)

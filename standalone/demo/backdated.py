"""Backdates rows of insert-only tables, which stamp «now» by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import DateTimeField, Model


@contextmanager
def backdated(model: type[Model], name: str) -> Iterator[None]:
    """Sets the field `name` of rows made inside the block to what the builder says."""
    column = model._meta.get_field(name)
    if not isinstance(column, DateTimeField):
        raise TypeError(f"{model.__name__}.{name} is not stamped by itself")
    column.auto_now_add = False
    try:
        yield
    finally:
        column.auto_now_add = True

"""Writes down as JSON what a verb returns, and reads the same thing again: rows by keys, the rest by its parts."""

from dataclasses import fields, is_dataclass

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import import_string

from foundation.errors import DomainError
from foundation.idempotency.errors import MadeIsGone


def described(made: object) -> object:
    """Returns rows, lists, dataclasses and errors as what JSON can hold; a plain value stays as it is."""
    if isinstance(made, list | tuple | frozenset | set):
        return [described(each) for each in made]
    if isinstance(made, Model):
        return {"row": made._meta.label_lower, "pk": str(made.pk)}
    if isinstance(made, DomainError):
        return {"error": _path(made), "args": described(made.args)}
    if is_dataclass(made):
        parts = {field.name: described(getattr(made, field.name)) for field in fields(made)}
        return {"object": _path(made), "parts": parts}
    return made


def read_again(description: object) -> object:
    """Returns what was described; tuples are lists. Raises MadeIsGone when a row of it is there no more."""
    match description:
        case list():
            return [read_again(each) for each in description]
        case {"row": str(label), "pk": pk}:
            return _row(label, pk)
        case {"error": str(path), "args": args}:
            return import_string(path)(*map(read_again, args))
        case {"object": str(path), "parts": dict(parts)}:
            return import_string(path)(**{name: read_again(part) for name, part in parts.items()})
    return description


def _path(made: object) -> str:
    return f"{type(made).__module__}.{type(made).__qualname__}"


def _row(label: str, pk: object) -> Model:
    row: Model | None = apps.get_model(label)._base_manager.filter(pk=pk).first()
    if row is None:
        raise MadeIsGone
    return row

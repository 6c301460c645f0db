"""Encrypts anew, by the newest key of the ring, what older keys have encrypted, while people read and write."""

from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Model

from foundation.encryption import CiphertextDamaged, decrypt, encrypt, is_of_newest_key

Row = TypeVar("Row", bound=Model)
BATCH = 500


class Resealed(NamedTuple):
    anew: int
    """Rows that were written."""
    unread: int
    """Rows whose key is not in the ring, or that were changed: they stay as they are."""


class Column(NamedTuple, Generic[Row]):
    """A column of ciphertexts. `beside` gives the values of columns that follow from the text."""

    model: type[Row]
    name: str
    place: Callable[[Row], str]
    beside: Callable[[str], Mapping[str, object]] = lambda text: {}
    as_stored: Callable[[str], str] = str


def reseal(column: Column[Row]) -> Resealed:
    """Writes the rows that the newest key has not sealed, or whose other columns follow from the text by an old key.

    A row that somebody else has written meanwhile is theirs: what is written is sealed by the newest key.
    """
    anew = unread = 0
    for row in column.model._default_manager.exclude(**{column.name: ""}).order_by("pk").iterator(BATCH):
        try:
            anew += _reseal(column, row)
        except CiphertextDamaged:
            unread += 1
    return Resealed(anew, unread)


def _reseal(column: Column[Row], row: Row) -> int:
    stored = row.__dict__[column.name]
    text = decrypt(stored, context=column.place(row))
    new: dict[str, object] = {name: value for name, value in column.beside(text).items() if getattr(row, name) != value}
    if not is_of_newest_key(stored):
        new[column.name] = column.as_stored(encrypt(text, context=column.place(row)))
    same = column.model._default_manager.filter(pk=row.pk, **{column.name: stored})
    return same.update(**new) if new else 0

"""Fields of people: numbers of documents that only the application reads (T71), names as they are searched."""

import base64
import hashlib
import hmac
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from foundation.encryption import decrypt, encrypt
from foundation.text.folding import fold
from foundation.text.names import full_name
from patients import numbers


def blind_index(number: str) -> str:
    """Returns the keyed hash of a number: all its spellings have the same one, and nothing can be read from it."""
    return _index(number, settings.BLIND_INDEX_KEY)


def blind_indexes(number: str) -> list[str]:
    """Returns under which hashes a number may stand: that of the key of now, and those of former keys."""
    return [_index(number, key) for key in (settings.BLIND_INDEX_KEY, *settings.BLIND_INDEX_KEY_FALLBACKS)]


def _index(number: str, key: str) -> str:
    return hmac.new(base64.b64decode(key), numbers.key(number).encode(), hashlib.sha256).hexdigest()


class Sealed(str):
    """The ciphertext of a column as it lies in the table: only the row it was sealed for can open it."""

    __slots__ = ()


class _Opened(DeferredAttribute):
    """Opens the ciphertext when the attribute is read: the text is bound to the key of the row (O27)."""

    field: "EncryptedCharField"

    def __get__(self, row: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        value = super().__get__(row, owner)
        if row is not None and isinstance(value, Sealed):
            value = row.__dict__[self.field.attname] = self.field.open(row, value)
        return value

    def __set__(self, row: models.Model, value: str) -> None:
        row.__dict__[self.field.attname] = value


class EncryptedCharField(models.TextField):
    """A short text that only the application can read, and only in its own row. Empty stays empty.

    Never filter by it. What is read without a row, by `values()`, is the ciphertext. Reading the attribute raises
    CiphertextDamaged when the ciphertext was changed or is of another row.
    """

    descriptor_class = _Opened

    def place(self, row: models.Model) -> str:
        return f"{self.model._meta.db_table}.{self.attname} {row.pk}"

    def open(self, row: models.Model, sealed: Sealed) -> str:
        return decrypt(sealed, context=self.place(row))

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = instance.__dict__[self.attname]
        if isinstance(value, Sealed) or not value:
            return value or ""
        return Sealed(encrypt(str(value), context=self.place(instance)))

    def get_prep_value(self, value: Any) -> Any:
        if value and not isinstance(value, Sealed):
            raise TypeError(f"{self.attname} is sealed for a row: save the row, and look for it by its index")
        return value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return Sealed(value) if value else ""


class _Named(Protocol):
    """A row of a person."""

    last_name: str
    first_name: str
    patronymic: str


class FoldedName(models.TextField):
    """The name of the row as `fold` reads it, written with every save: what is searched and compared is this column."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"editable": False, "default": ""})

    def pre_save(self, instance: models.Model, add: bool) -> str:
        person = cast(_Named, instance)
        name: str = fold(full_name(person.last_name, person.first_name, person.patronymic))
        setattr(instance, self.attname, name)
        return name

"""Fields of people: numbers of documents that only the application reads (T71), names as they are searched."""

import base64
import hashlib
import hmac
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import models

from foundation.encryption import decrypt, encrypt
from foundation.text.folding import fold
from foundation.text.names import full_name
from patients import numbers


def blind_index(number: str) -> str:
    """Returns the keyed hash of a number: all its spellings have the same one, and nothing can be read from it."""
    key = base64.b64decode(settings.BLIND_INDEX_KEY)
    return hmac.new(key, numbers.key(number).encode(), hashlib.sha256).hexdigest()


class EncryptedCharField(models.TextField):
    """A short text that only the application can read. Empty stays empty; never filter by it."""

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value), context=self._context) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value, context=self._context) if value else ""


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

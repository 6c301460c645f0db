"""Document numbers are stored encrypted, with a keyed index to find one by its exact value (T71)."""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import models

from foundation.encryption import decrypt, encrypt
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

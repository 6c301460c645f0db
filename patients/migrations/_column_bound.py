"""The field of a document's number as it was before it was bound to its row; migrations before 0016 read it."""

from typing import Any

from django.db import models

from foundation.encryption import decrypt, encrypt


class EncryptedCharField(models.TextField):
    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value), context=self._context) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value, context=self._context) if value else ""

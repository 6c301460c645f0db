"""Document numbers at rest: AES-GCM with a key ring, and a keyed index to find one by its exact value (T71)."""

import base64
import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE_BYTES = 12


class CiphertextDamaged(ValueError):
    """The stored value was changed or its key is gone from the ring."""


@cache
def _ring() -> dict[str, AESGCM]:
    """Newest first, as in the setting."""
    pairs = (entry.split(":", 1) for entry in settings.FIELD_KEYS)
    return {key_id: AESGCM(base64.b64decode(key)) for key_id, key in pairs}


def encrypt(text: str, *, context: str) -> str:
    """`key id:base64(nonce + ciphertext)`; `context` binds the value to its column."""
    key_id, cipher = next(iter(_ring().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, text.encode(), f"{key_id}|{context}".encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, context: str) -> str:
    try:
        key_id, payload = stored.split(":", 1)
        raw = base64.b64decode(payload, validate=True)
        aad = f"{key_id}|{context}".encode()
        return _ring()[key_id].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], aad).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise CiphertextDamaged(context) from error


def blind_index(text: str) -> str:
    """The same text gives the same index; without the key neither can be had from the other."""
    key = base64.b64decode(settings.BLIND_INDEX_KEY)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class EncryptedCharField(models.TextField):
    """A short text that only the application can read. Empty stays empty; never filter by it."""

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value), context=self._context) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value, context=self._context) if value else ""

"""Encrypts texts that only the application can read: AES-GCM with the key ring of `FIELD_KEYS`."""

import base64
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class CiphertextDamaged(ValueError):
    """The stored value was changed, or its key is gone from the ring."""


def encrypt(text: str, *, context: str) -> str:
    """Returns `key id:base64(nonce + ciphertext)`; `context` binds the value to its place."""
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


def is_of_newest_key(stored: str) -> bool:
    return stored.partition(":")[0] == next(iter(_ring()))


@cache
def _ring() -> dict[str, AESGCM]:
    """Returns the keys, newest first, as in the setting."""
    pairs = (entry.split(":", 1) for entry in settings.FIELD_KEYS)
    return {key_id: AESGCM(base64.b64decode(key)) for key_id, key in pairs}

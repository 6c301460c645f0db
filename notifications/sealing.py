"""Encrypts secret facts for one message alone: the ciphertext is good for nothing in another row."""

import json
from collections.abc import Mapping
from uuid import UUID

from foundation.encryption import decrypt, encrypt


def seal(secrets: Mapping[str, str], *, message: UUID) -> str:
    """Encrypts the secret facts; returns an empty text when there are none."""
    return encrypt(json.dumps(secrets), context=place(message)) if secrets else ""


def unseal(sealed: str, *, message: UUID) -> dict[str, str]:
    """Decrypts the secret facts. Raises CiphertextDamaged."""
    return json.loads(decrypt(sealed, context=place(message))) if sealed else {}


def place(message: UUID) -> str:
    return f"notifications_message.sealed {message}"

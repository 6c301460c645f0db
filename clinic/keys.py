"""Reads the keys of the installation, and refuses by name those that protect nothing (O12)."""

import base64
import binascii
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

BYTES = 32
SIGNS = 32
"""A key that signs is at least so long."""
DIFFERENT = 8
"""Fewer different signs or bytes than this were typed by hand, not drawn."""


def signing(setting: str, key: str) -> str:
    """Returns the key that signs. Raises ImproperlyConfigured for one that can be guessed."""
    if len(key) < SIGNS or len(set(key)) < DIFFERENT:
        raise ImproperlyConfigured(
            f"{setting} is too short or too simple to sign with. Make one: openssl rand -hex {BYTES}"
        )
    return key


def secret(setting: str, key: str) -> str:
    """Returns the key, 32 bytes in base64. Raises ImproperlyConfigured for anything else."""
    if not _is_drawn(key):
        raise ImproperlyConfigured(
            f"{setting} is not a key of {BYTES} bytes in base64. Make one: openssl rand -base64 {BYTES}"
        )
    return key


def ring(setting: str, entries: Sequence[str]) -> Sequence[str]:
    """Returns keys with a name each, the newest first. Raises ImproperlyConfigured for none or a wrong one."""
    names = [name for name, _colon, _key in (entry.partition(":") for entry in entries)]
    if not names or not all(names) or len(set(names)) < len(names):
        raise ImproperlyConfigured(
            f"{setting} needs keys with a name of its own each, the newest first, as in k2:…,k1:…. "
            f'Make one: echo "k1:$(openssl rand -base64 {BYTES})"'
        )
    for name, entry in zip(names, entries, strict=True):
        secret(f"{setting} ({name})", entry.partition(":")[2])
    return entries


def _is_drawn(key: str) -> bool:
    try:
        drawn = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(drawn) == BYTES and len(set(drawn)) >= DIFFERENT

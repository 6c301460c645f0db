"""The keys of an installation as its head changes them: newest first, former ones beside it."""

import base64

from foundation import encryption


def key(text: str) -> str:
    return base64.b64encode(text.encode().ljust(32, b".")).decode()


def turn(settings, *names: str) -> None:
    """`turn(settings, "k2", "k1")`: the keys of all kinds, the newest first."""
    settings.FIELD_KEYS = [f"{name}:{key(f'field key {name}')}" for name in names]
    settings.BLIND_INDEX_KEY, *settings.BLIND_INDEX_KEY_FALLBACKS = [key(f"index key {name}") for name in names]
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = [f"a key that signs {name} " * 4 for name in names]
    encryption._ring.cache_clear()

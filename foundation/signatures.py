"""Short signatures for private links: the first characters of a whole one, 144 bits.

A key in `SECRET_KEY_FALLBACKS` keeps the links alive that it signed; without it they are dead.
"""

from collections.abc import Iterator

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

SIGNS = 24
"""Length of a signature in characters of base64, six bits each."""


def signature(text: str, *, salt: str) -> str:
    """Returns the signature by the newest key; `salt` keeps links of one kind from opening another."""
    return next(signatures(text, salt=salt))


def signatures(text: str, *, salt: str) -> Iterator[str]:
    """Yields the valid signatures of the text, that of the newest key first."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield Signer(key=key, salt=salt).signature(text)[:SIGNS]


def is_signed(text: str, given: str, *, salt: str) -> bool:
    return any(constant_time_compare(given, valid) for valid in signatures(text, salt=salt))

"""Machines sign what they send: HMAC-SHA256 over the second and the body, with a secret that both have."""

import hashlib
import hmac


class NotSigned(Exception):
    """The signature is missing, wrong, or older than the window."""


def sign(secret: str, second: str, body: bytes) -> str:
    """Returns the signature in hexadecimal digits."""
    return hmac.new(secret.encode(), second.encode() + b"." + body, hashlib.sha256).hexdigest()


def check(*, secret: str, second: str, signature: str, body: bytes, now: float, window: int) -> None:
    """Checks that the body was signed with the secret at most `window` seconds ago. Raises NotSigned."""
    if not second.isascii() or not second.isdigit() or len(second) > 12 or abs(now - int(second)) > window:
        raise NotSigned
    if not hmac.compare_digest(sign(secret, second, body).encode(), signature.encode()):
        raise NotSigned

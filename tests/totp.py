"""The app with the codes of the second step on somebody's phone."""

import base64
import hmac
import time
from hashlib import sha1


def app_shows(secret, at=None):
    """Returns the six digits that an app shows (RFC 6238)."""
    counter = int(at or time.time()) // 30
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"

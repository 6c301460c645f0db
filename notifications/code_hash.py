"""Hashes codes with a key, which makes a copied table useless: few digits are guessed fast whatever the hash.

The few tries and minutes of a code make guessing on the site hopeless. A slow hash would only be slow.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac


def of(phone: str, code: str, *, key: str = "") -> str:
    """Returns the hash with this key, else with that of now."""
    secret = key or settings.SECRET_KEY
    return salted_hmac("notifications.phone_codes", f"{phone}:{code}", secret=secret, algorithm="sha256").hexdigest()

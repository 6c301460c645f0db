"""What opens the dumps. It belongs to this test alone: it is public, so nothing else may ever be locked with it."""

from base64 import b64encode

KEYS = {
    "SECRET_KEY": "not a secret: the key of the upgrade test and of nothing else",
    "FIELD_KEYS": f"upgrade:{b64encode(b'not a secret: upgrade test only!').decode()}",
    "BLIND_INDEX_KEY": b64encode(b"not a secret, upgrade test only!").decode(),
}
PASSWORD = "mediluna-demo"
"""Everybody's who signs in: the password of the demo."""

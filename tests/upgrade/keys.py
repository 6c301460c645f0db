"""Keys that open the dumps, of this test alone: they are public, so nothing else may ever be locked with them."""

from base64 import b64encode

KEYS = {
    "SECRET_KEY": "not a secret: the key of the upgrade test and of nothing else",
    "FIELD_KEYS": f"upgrade:{b64encode(b'not a secret: upgrade test only!').decode()}",
    "BLIND_INDEX_KEY": b64encode(b"not a secret, upgrade test only!").decode(),
}
PASSWORD = "mediluna-demo"
"""Everybody's who signs in: the password of the demo."""

"""The key to a new installation stands in the log: whoever reads it may make the first head of the clinic."""

from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from foundation.accounts.errors import FirstRunKeyExpired, WrongFirstRunKey

LIFE = timedelta(hours=24)
_SIGNER = TimestampSigner(salt="foundation.accounts.first_run")
_SIGNED = "head"


def new_key() -> str:
    """Returns a key that is signed and kept nowhere, so that every web process knows every other one's."""
    return _SIGNER.sign(_SIGNED).removeprefix(f"{_SIGNED}:")


def check_key(key: str) -> None:
    """Compares in constant time. Raises WrongFirstRunKey, and FirstRunKeyExpired a day after the key was made."""
    try:
        _SIGNER.unsign(f"{_SIGNED}:{key.strip()}", max_age=LIFE)
    except SignatureExpired as error:
        raise FirstRunKeyExpired from error
    except BadSignature as error:
        raise WrongFirstRunKey from error

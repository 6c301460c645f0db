"""Idempotency of forms: a form that is sent twice makes one appointment."""

import hashlib
import json

from scheduling.errors import IdempotencyConflict
from scheduling.models import Appointment


def digest_of(**contents: object) -> str:
    """Returns a fingerprint of a form's contents, to tell it from another form with the same key."""
    return hashlib.sha256(json.dumps(contents, default=str, sort_keys=True).encode()).hexdigest()


def made_before(key: str | None, digest: str) -> Appointment | None:
    """Returns the appointment that this very form has made, or None.

    Raises IdempotencyConflict when its contents differ.
    """
    made = Appointment.objects.filter(idempotency_key=key).first() if key else None
    if made and made.request_digest != digest:
        raise IdempotencyConflict
    return made

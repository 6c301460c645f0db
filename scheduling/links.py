"""The patient's own link to an appointment (T42): 144 bits, signed, stored only as a hash.

A whole signature beside the id it signs would be 66 signs, another SMS for every message. So the link holds the first
24 signs of the signature alone: the hash of them finds the row, and then they are compared with what the keys give for
the id of this row. A key in `SECRET_KEY_FALLBACKS` keeps the links alive that it signed; one that is gone takes them
with it.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from scheduling.models import Appointment

SIGNS = 24
"""Of base64, six bits each."""


def token_for(appointment_id: UUID) -> str:
    """The token of a new appointment."""
    return _signed(appointment_id, settings.SECRET_KEY)


def token_of(appointment: Appointment) -> str:
    """The token that the patient has; a new one when the key that signed it is gone, to be stored by its hash."""
    known = (token for token in _good(appointment.pk) if hash_of(token) == appointment.link_hash)
    return next(known, token_for(appointment.pk))


def opens(token: str, appointment: Appointment) -> bool:
    return any(constant_time_compare(token, good) for good in _good(appointment.pk))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(appointment: Appointment) -> str:
    return f"{settings.CLINIC['base_url'].rstrip('/')}/v/{token_of(appointment)}/"


def _good(appointment_id: UUID) -> Iterator[str]:
    """Newest first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    yield from (_signed(appointment_id, key) for key in keys)
    yield from (_signed_by_hand(appointment_id, key) for key in keys)


def _signed(appointment_id: UUID, key: str) -> str:
    return Signer(key=key, salt="scheduling.links").signature(str(appointment_id))[:SIGNS]


def _signed_by_hand(appointment_id: UUID, key: str) -> str:
    """As links were made before: needed until the visits booked then are over."""
    digest = hmac.new(key.encode(), f"appointment-link:{appointment_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:SIGNS]

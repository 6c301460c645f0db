"""The patient's own link to an appointment (T42): 144 bits, signed, stored only as a hash.

A whole signature beside the id it signs would be 66 characters, another SMS for every message. So the link holds the
first 24 characters of the signature alone: their hash finds the row, and then they are compared with the signatures
that the keys give for the id of this row. A key in `SECRET_KEY_FALLBACKS` keeps the links alive that it signed; without
it they are dead. A message sent again has a link of its own: the number of the link is signed beside the id, and the
link of before is dead, in whoever's hands it is.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare

from foundation.signatures import SIGNS, signature, signatures
from scheduling.models import Appointment
from scheduling.told import link_with

SALT = "scheduling.links"


def token_for(appointment_id: UUID, number: int = 0) -> str:
    """Returns a new token: that of a new appointment, or of the link with this number."""
    return signature(_signed_text(appointment_id, number), salt=SALT)


def token_of(appointment: Appointment) -> str:
    """Returns the token that the patient has, or a new one when the key that signed it is gone.

    The caller stores the hash of a new token.
    """
    valid = _valid_tokens(appointment.pk, appointment.link_number)
    known = (token for token in valid if hash_of(token) == appointment.link_hash)
    return next(known, token_for(appointment.pk, appointment.link_number))


def opens(token: str, appointment: Appointment) -> bool:
    return any(constant_time_compare(token, good) for good in _valid_tokens(appointment.pk, appointment.link_number))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(appointment: Appointment) -> str:
    return link_with(token_of(appointment))


def _valid_tokens(appointment_id: UUID, number: int = 0) -> Iterator[str]:
    """Returns the valid tokens of this appointment, the one of the newest key first."""
    yield from signatures(_signed_text(appointment_id, number), salt=SALT)
    if number == 0:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        yield from (_signed_by_hand(appointment_id, key) for key in keys)


def _signed_text(appointment_id: UUID, number: int) -> str:
    return f"{appointment_id}:{number}" if number else str(appointment_id)


def _signed_by_hand(appointment_id: UUID, key: str) -> str:
    """Returns the token as it was made before `django.core.signing`, for visits booked then."""
    digest = hmac.new(key.encode(), f"appointment-link:{appointment_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:SIGNS]

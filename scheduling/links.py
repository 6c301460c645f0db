"""The patient's own link to an appointment (T42): 144 bits, derived when needed, stored only as a hash."""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

TOKEN_BYTES = 18


def token_for(appointment_id: UUID) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"appointment-link:{appointment_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()[:TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def url_for(appointment_id: UUID) -> str:
    return f"{settings.CLINIC['base_url'].rstrip('/')}/v/{token_for(appointment_id)}/"

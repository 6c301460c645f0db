"""The private link by which whoever left a request on the site reads what has become of it.

It names the request and is signed, with 144 bits; nothing is stored for it. A link for whoever had proved the number of
the request by a code says so in what is signed: a request may have been left by somebody who only knows the person, and
such a link opens no visit. A key in `SECRET_KEY_FALLBACKS` keeps the links alive that it signed.
"""

import base64
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from scheduling.told import SIGNS

OF_ID = 22
"""Length of an id in base64."""


@dataclass(frozen=True, slots=True)
class Opened:
    request: UUID
    proved: bool


def token_for(request: UUID, *, proved: bool) -> str:
    named = base64.urlsafe_b64encode(request.bytes).decode()[:OF_ID]
    return named + _signed(request, proved, settings.SECRET_KEY)


def opened_by(token: str) -> Opened | None:
    """Returns the request that a link names; None for a link that was not signed here."""
    named, signature = token[:OF_ID], token[OF_ID:]
    if len(token) != OF_ID + SIGNS:
        return None
    request = UUID(bytes=base64.urlsafe_b64decode(f"{named}=="))
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    good = {proved: [_signed(request, proved, key) for key in keys] for proved in (True, False)}
    fitting = [proved for proved in good if any(constant_time_compare(signature, one) for one in good[proved])]
    return Opened(request, fitting[0]) if fitting else None


def _signed(request: UUID, proved: bool, key: str) -> str:
    return Signer(key=key, salt="waitlist.request_links").signature(f"{request}:{proved}")[:SIGNS]

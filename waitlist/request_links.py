"""The private link by which whoever left a request on the site reads what has become of it.

It names the request and is signed, with 144 bits; nothing is stored for it. A link for whoever had proved the number of
the request by a code says so in what is signed: a request may have been left by somebody who only knows the person, and
such a link opens no visit.
"""

import base64
from dataclasses import dataclass
from uuid import UUID

from foundation.signatures import SIGNS, is_signed, signature

SALT = "waitlist.request_links"
OF_ID = 22
"""Length of an id in base64."""


@dataclass(frozen=True, slots=True)
class Opened:
    request: UUID
    proved: bool


def token_for(request: UUID, *, proved: bool) -> str:
    named = base64.urlsafe_b64encode(request.bytes).decode()[:OF_ID]
    return named + signature(_signed_text(request, proved), salt=SALT)


def opened_by(token: str) -> Opened | None:
    """Returns the request that a link names; None for a link that was not signed here."""
    named, given = token[:OF_ID], token[OF_ID:]
    if len(token) != OF_ID + SIGNS:
        return None
    request = UUID(bytes=base64.urlsafe_b64decode(f"{named}=="))
    good = (proved for proved in (True, False) if is_signed(_signed_text(request, proved), given, salt=SALT))
    return next((Opened(request, proved) for proved in good), None)


def _signed_text(request: UUID, proved: bool) -> str:
    return f"{request}:{proved}"

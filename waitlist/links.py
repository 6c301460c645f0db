"""The private link by which a person answers whether a freed time would suit them (R20).

As that of a visit (`scheduling.links`) it holds the first characters of a signature, 144 bits, and is stored as a hash;
a key in `SECRET_KEY_FALLBACKS` keeps the links alive that it signed.
"""

import hashlib
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from scheduling.told import SIGNS, link_with
from waitlist.models import TimeQuestion


def token_for(question: UUID) -> str:
    return _signed(question, settings.SECRET_KEY)


def url_for(question: UUID) -> str:
    return link_with(token_for(question), page="t")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def opens(token: str, question: TimeQuestion) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(token, _signed(question.pk, key)) for key in keys)


def _signed(question: UUID, key: str) -> str:
    return Signer(key=key, salt="waitlist.links").signature(str(question))[:SIGNS]

"""The private link by which a person answers whether a freed time would suit them (R20).

As that of a visit (`scheduling.links`) it is a signature of 144 bits and is stored as a hash.
"""

import hashlib
from uuid import UUID

from foundation.signatures import is_signed, signature
from scheduling.told import link_with
from waitlist.models import TimeQuestion

SALT = "waitlist.links"


def token_for(question: UUID) -> str:
    return signature(str(question), salt=SALT)


def url_for(question: UUID) -> str:
    return link_with(token_for(question), page="t")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def opens(token: str, question: TimeQuestion) -> bool:
    return is_signed(str(question.pk), token, salt=SALT)

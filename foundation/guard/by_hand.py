"""A form that a person fills in takes some seconds, and a field that nobody sees stays empty (T112)."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from foundation.guard.errors import NotByHand

log = logging.getLogger(__name__)
OPENED, UNSEEN = "opened", "website"
"""The fields: when the form was drawn, signed; and one that only a robot fills in."""
_signer = TimestampSigner(salt="foundation.guard.by_hand")


def drawn_now() -> str:
    return _signer.sign("")


def check(sent: Mapping[str, str]) -> None:
    """Refuses a form that was filled in faster than by hand, or by somebody who sees no page. Raises NotByHand."""
    if settings.FORM_SECONDS and (sent.get(UNSEEN) or not _took_long(sent.get(OPENED, ""))):
        log.warning("refused: a form filled in as nobody types")
        raise NotByHand


def _took_long(drawn: str) -> bool:
    try:
        _signer.unsign(drawn, max_age=settings.FORM_SECONDS)
    except SignatureExpired:
        return True
    except BadSignature:
        return False
    return False

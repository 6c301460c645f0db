"""Counts a try of a phone's newest code and takes the code, in one statement, so that tries are counted one by one.

In the demo, where nothing is really sent, the code can be read too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from foundation.database import clock
from foundation.database.locks import ADVISORY_LOCK
from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch_first
from notifications.choices import MessageChannel, MessageState, MessageTemplate
from notifications.models import Message
from notifications.sealing import unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(ReadModel):
    right: bool
    tries: int
    """The number of tries, this one included."""


def take(
    *, phone: str, asked_by: str, hashes: Sequence[str], now: datetime, again: datetime, limit: int
) -> Tried | None:
    """Takes the newest code that this visitor asked for; returns None when no code is good for another try.

    A code that was taken after `again` is still good; typed right once more it costs no try (O23).
    """
    values = {
        "phone": phone,
        "asked_by": asked_by,
        "hashes": list(hashes),
        "now": now,
        "again": again,
        "limit": limit,
        "lock": phone,
    }
    return fetch_first(Tried, _TAKE, values)


def is_by_call(phone: str) -> bool:
    """Tells whether the newest code of this phone (E.164) is the end of a number that rings."""
    sent = _sent_last(phone)
    return sent is not None and sent.channel == MessageChannel.VOICE


def is_lost(phone: str) -> bool:
    """Tells whether the code sent last to this phone (E.164) has not left, as far as is known."""
    sent = _sent_last(phone)
    return sent is not None and (sent.failing_since is not None or sent.state == MessageState.FAILED)


def _sent_last(phone: str) -> Message | None:
    return Message.objects.filter(template=MessageTemplate.CODE, address=phone).order_by("-created_at").first()


def shown_in_demo(phone: str) -> str:
    """Returns the code sent last to this phone (E.164) while it is good; always empty outside the demo."""
    if not settings.DEMO:
        return ""
    good = Message.objects.filter(template=MessageTemplate.CODE, address=phone, useful_until__gt=clock.now())
    sent = good.exclude(sealed="").order_by("-created_at").first()
    return unseal(sent.sealed, message=sent.pk)["code"] if sent else ""


# The turn stands inside, so that it is taken before the row is locked: who has the turn waits for nobody's row.
_TAKE = f"""
    WITH turn AS MATERIALIZED (SELECT {ADVISORY_LOCK})
    UPDATE notifications_phonecode SET
        tries = tries + CASE WHEN used_at IS NOT NULL AND code_hash = ANY(%(hashes)s) THEN 0 ELSE 1 END,
        used_at = CASE WHEN code_hash = ANY(%(hashes)s) THEN COALESCE(used_at, %(now)s) ELSE used_at END
    WHERE id = (
        SELECT code.id FROM notifications_phonecode code, turn
        WHERE code.phone = %(phone)s AND code.asked_by = %(asked_by)s
        ORDER BY code.created_at DESC LIMIT 1 FOR UPDATE OF code
    ) AND (used_at IS NULL OR used_at > %(again)s) AND expires_at > %(now)s AND tries < %(limit)s
    RETURNING code_hash = ANY(%(hashes)s) AS right, tries
"""

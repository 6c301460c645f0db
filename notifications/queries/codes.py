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
from notifications.choices import MessageChannel, MessageState
from notifications.models import Message, PhoneCode
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCode:
    """It is the code that a visitor waits for."""

    by_call: bool = False
    """The code is the end of the number that rings."""
    lost: bool = False
    """It has not left, as far as is known."""
    shown: str = ""
    """The code itself while it is good, in the demo alone; else empty."""


def sent_last(*, phone: str, asked_by: str) -> SentCode:
    """Reads what became of the newest code that this visitor asked for, of this phone (E.164)."""
    asked = newest(phone, asked_by)
    sent = asked and Message.objects.filter(dedupe_key=code_key(asked)).first()
    if not sent:
        return SentCode()
    lost = sent.failing_since is not None or sent.state == MessageState.FAILED
    return SentCode(by_call=sent.channel == MessageChannel.VOICE, lost=lost, shown=_shown_in_demo(sent))


def newest(phone: str, asked_by: str) -> PhoneCode | None:
    """Returns the newest code of this phone (E.164) that this visitor asked for."""
    return PhoneCode.objects.filter(phone=phone, asked_by=asked_by).order_by("-created_at").first()


def code_key(code: PhoneCode) -> str:
    """Returns the key by which the message with this code is the only one."""
    return f"code:{code.pk}"


def _shown_in_demo(sent: Message) -> str:
    until = sent.useful_until
    good = settings.DEMO and sent.sealed and until and until > clock.now()
    return unseal(sent.sealed, message=sent.pk)["code"] if good else ""


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

"""Short codes that prove a phone: sent and checked, with counters in Postgres."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from foundation.database import clock
from foundation.database.locks import advisory_lock
from notifications import texts
from notifications.actions import outbox
from notifications.choices import MessageChannel
from notifications.errors import (
    CodeExpired,
    CodeProblem,
    CodeTooSoon,
    NoRouteForCodes,
    TooManyCodes,
    TooManyTries,
    WrongCode,
)
from notifications.gateways import routes
from notifications.models import Message, PhoneCode
from notifications.queries import codes

DIGITS = 6
GOOD_AGAIN = timedelta(minutes=1)


@transaction.atomic
def send(*, phone: str) -> PhoneCode:
    """Sends a new code to `phone` (E.164). Raises NoRouteForCodes, CodeTooSoon, TooManyCodes."""
    if not routes.names(MessageChannel.SMS):
        raise NoRouteForCodes
    advisory_lock(f"code:{phone}")  # a booking of this phone may take long, and has nothing to do with it
    now = clock.now()
    today = PhoneCode.objects.filter(phone=phone, created_at__gt=now - timedelta(days=1))
    if today.filter(created_at__gt=now - timedelta(seconds=settings.CODE_PAUSE_SECONDS)).exists():
        raise CodeTooSoon
    if today.count() >= settings.CODES_PER_DAY:
        raise TooManyCodes
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = PhoneCode.objects.create(
        phone=phone,
        code_hash=_hash(phone, code),
        expires_at=now + timedelta(minutes=settings.CODE_MINUTES),
    )
    outbox.put(
        texts.Code(code=code),
        address=phone,
        about=row.pk,
        patient=None,
        useful_until=row.expires_at,
        dedupe_key=f"code:{row.pk}",
    )
    return row


def check(*, phone: str, code: str) -> None:
    """Checks a code against the newest code of `phone` (E.164) and uses it up.

    Raises WrongCode, CodeExpired, TooManyTries. The same code is good again for a minute, for a form that is sent
    twice. Each try counts, also then. One statement counts it and takes the code, so that concurrent tries are counted
    one by one. It takes the advisory lock of this phone until the transaction ends, as `advisory_lock` does; a rollback
    undoes the try.
    """
    now = clock.now()
    tried = codes.take(phone=phone, hash=_hash(phone, code), now=now, again=now - GOOD_AGAIN, limit=settings.CODE_TRIES)
    if tried is None:
        raise _refusal(phone, now)
    if not tried.right:
        raise TooManyTries if tried.tries >= settings.CODE_TRIES else WrongCode


def is_good(message: Message) -> bool:
    """Tells whether the code in a message can be typed: it is the newest of its phone, and not used yet."""
    newest = PhoneCode.objects.filter(phone=message.address).order_by("-created_at").first()
    return newest is None or (newest.pk == message.about and newest.used_at is None)


def _refusal(phone: str, now: datetime) -> CodeProblem:
    newest = PhoneCode.objects.filter(phone=phone).order_by("-created_at").first()
    if newest is None or newest.expires_at <= now:
        return CodeExpired()
    used_up = newest.used_at is not None and newest.used_at <= now - GOOD_AGAIN
    return CodeExpired() if used_up else TooManyTries()


def _hash(phone: str, code: str) -> str:
    """Hashes a code with a key, which makes a copied table useless: six digits are guessed fast whatever the hash.

    The few tries and minutes of a code make guessing on the site hopeless. A slow hash would only be slow.
    """
    return salted_hmac("notifications.phone_codes", f"{phone}:{code}", algorithm="sha256").hexdigest()

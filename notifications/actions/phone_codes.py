"""Short codes that prove a phone: sent and checked, with counters in Postgres."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from foundation.database import clock
from foundation.database.locks import advisory_lock
from foundation.guard import limits, strangers
from foundation.guard.errors import LimitReached
from foundation.guard.limits import Limit, Spender
from notifications import code_hash, texts
from notifications.actions import outbox
from notifications.choices import MessageChannel
from notifications.errors import (
    CodeExpired,
    CodeProblem,
    CodesStopped,
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
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
GOOD_AGAIN = timedelta(minutes=1)


@transaction.atomic
def send(*, phone: str, asked_by: str = "", address: str = "", by_call: bool = False) -> PhoneCode:
    """Sends a new code to `phone` (E.164), which nobody but `asked_by` can type.

    `by_call` has the phone rung instead: the code is what the provider says when it rings, and until then none.

    Raises NoRouteForCodes, CodeTooSoon, TooManyCodes, CodesStopped.
    """
    channel = MessageChannel.VOICE if by_call else MessageChannel.SMS
    if not routes.names(channel):
        raise NoRouteForCodes
    advisory_lock(f"code:{phone}")  # a booking of this phone may take long, and has nothing to do with it
    now = clock.now()
    _check_phone(phone, asked_by, now)
    _check_strangers(address)
    code = secrets.token_hex() if by_call else f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = PhoneCode.objects.create(
        phone=phone,
        asked_by=asked_by,
        code_hash=code_hash.of(phone, code),
        expires_at=now + timedelta(minutes=settings.CODE_MINUTES),
    )
    outbox.put(
        texts.Code(code=texts.Code.secret["code"] if by_call else code),
        address=phone,
        about=row.pk,
        patient=None,
        useful_until=row.expires_at,
        dedupe_key=codes.code_key(row),
        channel=channel,
    )
    return row


def _check_phone(phone: str, asked_by: str, now: datetime) -> None:
    """Counts what this phone is sent, whoever asks. A code on its way to somebody else is not one to wait for."""
    today = list(PhoneCode.objects.filter(phone=phone, created_at__gt=now - A_DAY).order_by("-created_at"))
    if today and today[0].created_at > now - timedelta(seconds=settings.CODE_PAUSE_SECONDS):
        raise CodeTooSoon if today[0].asked_by == asked_by else CodesStopped
    within_the_hour = [code for code in today if code.created_at > now - AN_HOUR]
    if len(within_the_hour) >= settings.CODES_PER_HOUR or len(today) >= settings.CODES_PER_DAY:
        raise TooManyCodes


def _check_strangers(address: str) -> None:
    """Counts the codes of a network and of all; without an address only those of all. Raises CodesStopped."""
    everybody = Spender("code.all", "", [Limit(settings.CODES_OF_ALL_PER_HOUR, AN_HOUR)])
    usual, shared = settings.CODES_PER_NETWORK, settings.CODES_PER_SHARED_NETWORK
    theirs = strangers.of_network("code.network", address, usual=usual, shared=shared)
    try:
        limits.spend(*theirs, everybody)
    except LimitReached as reached:
        raise CodesStopped from reached


def check(*, phone: str, code: str, asked_by: str = "") -> None:
    """Checks a code against the newest code of `phone` (E.164) that this visitor asked for, and uses it up.

    Raises WrongCode, CodeExpired, TooManyTries. The same code is good again for a minute, for a form that is sent
    twice or thirty times at once; a wrong try counts, also then. One statement counts it and takes the code, so that
    concurrent tries are counted one by one. It takes the advisory lock of this phone until the transaction ends, as
    `advisory_lock` does; a rollback undoes the try.
    """
    now = clock.now()
    tried = codes.take(
        phone=phone,
        asked_by=asked_by,
        hashes=[code_hash.of(phone, code, key=key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)],
        now=now,
        again=now - GOOD_AGAIN,
        limit=settings.CODE_TRIES,
    )
    if tried is None:
        raise _refusal(phone, asked_by, now)
    if not tried.right:
        raise TooManyTries if tried.tries >= settings.CODE_TRIES else WrongCode


def is_good(message: Message) -> bool:
    """Tells whether the code in a message can be typed: the newest that this visitor asked for, and not used yet."""
    mine = PhoneCode.objects.filter(pk=message.about).first() if message.about else None
    if mine is None:
        return True
    return mine.used_at is None and mine == codes.newest(message.address, mine.asked_by)


def _refusal(phone: str, asked_by: str, now: datetime) -> CodeProblem:
    newest = codes.newest(phone, asked_by)
    if newest is None or newest.expires_at <= now:
        return CodeExpired()
    used_up = newest.used_at is not None and newest.used_at <= now - GOOD_AGAIN
    return CodeExpired() if used_up else TooManyTries()

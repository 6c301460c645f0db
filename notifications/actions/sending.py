"""Sends the messages that are due, while each of them is of use and true; the network is outside the transaction."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.database import clock
from foundation.database.outage import outage_of
from notifications import code_hash, quiet, rendering, truth
from notifications.actions import spending
from notifications.choices import FINAL_STATES, NOT_AT_NIGHT, MessageChannel, MessageState, ReceiptState
from notifications.gateways import routes
from notifications.gateways.contract import AddressRefused, GatewayError, Outgoing
from notifications.gateways.routes import Taken
from notifications.models import Message, PhoneCode

log = logging.getLogger(__name__)

TASK = "notifications.send_due"
LEASE = timedelta(minutes=2)
A_MINUTE = timedelta(minutes=1)
RETRY_AFTER = tuple(timedelta(seconds=pause) for pause in (10, 30, 60, 120, 300, 900, 1800))
"""The pauses between tries; the last one comes again and again while the message is of use."""
WITHOUT_END = timedelta(days=1)
"""So long a message is tried that has no end of its own: one of before there was `useful_until`."""
TRIES = 5
"""A message on which we fail so often is given up, so that somebody sees it."""
BATCH = 50


def send_due() -> int:
    """Sends the messages that are due, each claimed by one sender, and returns how many were sent.

    Claim with a lease, judge, send, mark. A sender that dies leaves a lease that lapses, so a message may go twice but
    is never lost.
    """
    sent = 0
    while messages := _claim():
        for message in messages:
            sent += _send(message)
    _wipe_out_of_date()
    return sent


@transaction.atomic
def _claim() -> list[Message]:
    now = clock.now()
    due = Q(state=MessageState.QUEUED, due_at__lte=now) | Q(state=MessageState.SENDING, leased_until__lt=now)
    messages = list(Message.objects.select_for_update(skip_locked=True).filter(due).order_by("due_at")[:BATCH])
    for message in messages:
        message.state, message.leased_until = MessageState.SENDING, now + LEASE
        message.attempts += 1
    Message.objects.bulk_update(messages, ["state", "leased_until", "attempts"])
    return messages


def _send(message: Message) -> bool:
    """Sends a message, or says why not. A fault of ours is tried again and given up soon: others wait behind it."""
    try:
        return _sent(message)
    except Exception as error:
        if outage_of(error):
            raise
        log.exception("message %s failed", message.pk)
        again = _put_off if message.attempts < TRIES else _give_up
        return again(message, type(error).__name__)


def _sent(message: Message) -> bool:
    if not _may_leave(message):
        return False
    if morning := _morning(message):
        return _wait_for_morning(message, morning)
    if not spending.may_leave(message):
        return _wait_for_the_hour(message)
    try:
        taken = _hand_over(message, rendering.to_send(message))
    except ValueError as error:  # a fact is missing or damaged, or its key is gone: trying again would not help
        return _give_up(message, type(error).__name__)
    except AddressRefused as error:
        return _give_up(message, str(error))
    except GatewayError as error:
        return _put_off(message, str(error))
    return _keep_receipt(message, taken)


def _hand_over(message: Message, text: str) -> Taken:
    """Hands a message to a provider. A call makes its own code: the digits that the provider rings from."""
    outgoing = Outgoing(id=message.pk, channel=MessageChannel(message.channel), address=message.address, text=text)
    if outgoing.channel != MessageChannel.VOICE:
        return routes.send(outgoing)
    taken, digits = routes.ring(outgoing)
    assert message.about, "a code is about its row"
    PhoneCode.objects.filter(pk=message.about).update(code_hash=code_hash.of(message.address, digits))
    return taken


@transaction.atomic
def _may_leave(message: Message) -> bool:
    """Judges a claimed message at the last moment and renews its lease; what is not true or of no use is dropped.

    It may have been withdrawn since it was claimed, or claimed by another sender while this one waited for the network.
    """
    row = _in_hand(message).select_for_update().first()
    if row is None:
        return False
    now = clock.now()
    if (row.useful_until is not None and row.useful_until <= now) or not truth.holds(row):
        _in_hand(message).update(state=MessageState.DROPPED, **wiped())
        return False
    _in_hand(message).update(leased_until=now + LEASE)
    message.leased_until = now + LEASE
    return True


def _keep_receipt(message: Message, taken: Taken) -> bool:
    """Marks what the provider has taken; a message that was withdrawn in that moment has left all the same."""
    receipt = taken.receipt
    columns: dict[str, object] = {"provider_id": receipt.provider_id[:100], "receipt": receipt.state}
    columns["route"] = taken.route[:100]
    if receipt.state == ReceiptState.UNDELIVERED:
        return _give_up(message, "undelivered", **columns)
    columns |= {"state": MessageState.SENT, "sent_at": receipt.accepted_at, "last_error": ""}
    Message.objects.filter(pk=message.pk).update(**columns, **wiped())
    return True


def _put_off(message: Message, error: str) -> bool:
    """Tries again later, after pauses that grow; gives up when the next try would come too late to be of use."""
    now = clock.now()
    again_at = now + RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
    if again_at >= _end_of(message):
        return _give_up(message, error)
    since = message.failing_since or now
    _in_hand(message).update(state=MessageState.QUEUED, due_at=again_at, failing_since=since, last_error=error[:200])
    log.warning("message %s not sent: %s", message.pk, error)
    return False


def _morning(message: Message) -> datetime | None:
    """Returns the end of the quiet hours at its place, for a message that must not leave in them."""
    if message.template not in NOT_AT_NIGHT:
        return None
    return quiet.over_at(clock.now(), zone=message.facts.get("zone", ""))


def _wait_for_morning(message: Message, morning: datetime) -> bool:
    """Leaves a message for after the quiet hours: nothing was tried; gives up when that is too late to be of use."""
    if morning >= _end_of(message):
        return _give_up(message, "quiet hours")
    _in_hand(message).update(state=MessageState.QUEUED, attempts=message.attempts - 1, due_at=morning)
    return False


def _wait_for_the_hour(message: Message) -> bool:
    """Leaves a message over the cap for a minute, in its place in the queue: nothing was tried."""
    now = clock.now()
    waiting = {"state": MessageState.QUEUED, "attempts": message.attempts - 1, "due_at": now + A_MINUTE}
    waiting |= {
        "failing_since": message.failing_since or now,
        "last_error": "so many messages have left within an hour",
    }
    _in_hand(message).update(**waiting)
    log.error("message %s waits: %s have left within an hour", message.pk, settings.MESSAGES_PER_HOUR)
    return False


def _end_of(message: Message) -> datetime:
    return message.useful_until or message.created_at + WITHOUT_END


def _give_up(message: Message, error: str, **columns: object) -> bool:
    """Marks the message as not delivered, so that it stays in sight."""
    _in_hand(message).update(state=MessageState.FAILED, last_error=error[:200], **columns, **wiped())
    log.warning("message %s given up: %s", message.pk, error)
    return False


def _in_hand(message: Message) -> QuerySet[Message]:
    """Returns the message alone, as long as it is this sender's: neither withdrawn nor claimed by another."""
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, leased_until=message.leased_until)


def wiped() -> dict[str, str]:
    """Returns the columns that wipe the secrets, which nobody needs any longer, except in the demo."""
    return {} if settings.KEEP_SENT_SECRETS else {"sealed": ""}


def _wipe_out_of_date() -> None:
    """Wipes secrets that the demo has kept and that are out of date."""
    kept = Message.objects.filter(state__in=FINAL_STATES, useful_until__lte=clock.now()).exclude(sealed="")
    kept.update(sealed="")

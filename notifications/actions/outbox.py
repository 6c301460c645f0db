"""`outbox.put(...)` writes a message with the change it tells about; `outbox.send_due()` sends what is due."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.background import wakeups
from foundation.database import writes
from notifications.choices import MessageChannel, MessageKind, MessageState
from notifications.gateways import GatewayError, gateway
from notifications.models import Message

log = logging.getLogger(__name__)

SEND_TASK = "notifications.send_due"
LEASE = timedelta(minutes=2)
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
BATCH = 50


def put(
    *,
    kind: MessageKind,
    address: str,
    text: str,
    dedupe_key: str,
    due_at: datetime | None = None,
    channel: MessageChannel = MessageChannel.SMS,
) -> None:
    """Call it inside the transaction of the change. The same `dedupe_key` again is the same message."""
    message = Message(
        kind=kind,
        channel=channel,
        address=address,
        text=text,
        dedupe_key=dedupe_key,
        due_at=due_at or timezone.now(),
    )
    writes.insert(message, conflict=writes.IGNORE)
    wakeups.after_commit(SEND_TASK, fallback=send_due)


def send_due() -> int:
    """Sends what is due, each message claimed by one sender. Returns how many were sent.

    The network is outside the transaction: claim with a lease, send, mark. A sender that dies leaves a lease that
    lapses, so a message may go twice but is never lost.
    """
    sent = 0
    while messages := _claim():
        for message in messages:
            sent += _send(message)
    return sent


@transaction.atomic
def _claim() -> list[Message]:
    now = timezone.now()
    due = Q(state=MessageState.QUEUED, due_at__lte=now) | Q(state=MessageState.SENDING, leased_until__lt=now)
    messages = list(Message.objects.select_for_update(skip_locked=True).filter(due).order_by("due_at")[:BATCH])
    for message in messages:
        message.state, message.leased_until = MessageState.SENDING, now + LEASE
        message.attempts += 1
    Message.objects.bulk_update(messages, ["state", "leased_until", "attempts"])
    return messages


def _send(message: Message) -> bool:
    try:
        gateway().send(address=message.address, text=message.text)
    except GatewayError as error:
        _put_off(message, error)
        return False
    message.state, message.sent_at, message.last_error = MessageState.SENT, timezone.now(), ""
    message.save(update_fields=["state", "sent_at", "last_error"])
    return True


def _put_off(message: Message, error: GatewayError) -> None:
    """Tries again later; after the last try the message stays in sight as not delivered."""
    message.last_error = str(error)[:200]
    if message.attempts > len(RETRY_AFTER):
        message.state = MessageState.FAILED
    else:
        message.state = MessageState.QUEUED
        message.due_at = timezone.now() + RETRY_AFTER[message.attempts - 1]
    message.save(update_fields=["state", "due_at", "last_error"])
    log.warning("message %s not sent: %s", message.pk, error)

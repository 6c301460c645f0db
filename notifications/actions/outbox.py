"""The outbox: `outbox.put(...)` writes a message with its change, `outbox.send_due()` sends what is due."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.background import wakeups
from foundation.database import writes
from notifications import rendering
from notifications.choices import FINAL_STATES, MessageChannel, MessageState
from notifications.gateways import GatewayError, Outgoing, gateway
from notifications.models import Message
from notifications.texts import Facts

log = logging.getLogger(__name__)

SEND_TASK = "notifications.send_due"
LEASE = timedelta(minutes=2)
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
BATCH = 50


def put(
    facts: Facts,
    *,
    address: str,
    about: UUID,
    patient: UUID | None,
    useful_until: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    channel: MessageChannel = MessageChannel.SMS,
) -> None:
    """Writes a message; call it inside the transaction of the change that the message tells about.

    The same `dedupe_key` again is the same message. A message not sent by `useful_until` is dropped. Raises
    FactMissing.
    """
    message = Message(
        channel=channel,
        address=address,
        patient=patient,
        about=about,
        useful_until=useful_until,
        dedupe_key=dedupe_key,
        due_at=due_at or timezone.now(),
    )
    rendering.write(message, facts)
    writes.insert(message, conflict=writes.IGNORE)
    wakeups.after_commit(SEND_TASK, fallback=send_due)


def send_due() -> int:
    """Sends the messages that are due, each claimed by one sender, and returns how many were sent.

    The network is outside the transaction: claim with a lease, send, mark. A sender that dies leaves a lease that
    lapses, so a message may go twice but is never lost.
    """
    sent = 0
    while messages := _claim():
        for message in messages:
            sent += _send(message)
    _wipe_out_of_date()
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
    if not _still_useful(message):
        _close(message, MessageState.DROPPED)
        return False
    try:
        text = rendering.to_send(message)
    except ValueError as error:  # a fact is missing or damaged, or its key is gone: trying again would not help
        _give_up(message, type(error).__name__)
        return False
    try:
        receipt = gateway().send(
            Outgoing(id=message.pk, channel=MessageChannel(message.channel), address=message.address, text=text)
        )
    except GatewayError as error:
        _put_off(message, str(error))
        return False
    message.provider_id, message.receipt = receipt.provider_id[:100], receipt.state
    message.sent_at, message.last_error = receipt.accepted_at, ""
    _close(message, MessageState.SENT)
    return True


def _still_useful(message: Message) -> bool:
    """Tells by the clock alone whether a message is still of use, not whether it is still true."""
    return message.useful_until is None or message.useful_until > timezone.now()


def _put_off(message: Message, error: str) -> None:
    """Tries again later while tries and usefulness last, else gives the message up."""
    again_at = timezone.now() + RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
    too_late = message.useful_until is not None and message.useful_until <= again_at
    if too_late or message.attempts > len(RETRY_AFTER):
        _give_up(message, error)
        return
    message.state, message.due_at, message.last_error = MessageState.QUEUED, again_at, error[:200]
    message.save(update_fields=["state", "due_at", "last_error"])
    log.warning("message %s not sent: %s", message.pk, error)


def _give_up(message: Message, error: str) -> None:
    """Marks the message as not delivered, so that it stays in sight."""
    message.last_error = error[:200]
    _close(message, MessageState.FAILED)
    log.warning("message %s given up: %s", message.pk, error)


def _close(message: Message, state: MessageState) -> None:
    """Closes a message for good and wipes its secrets, which nobody needs any longer, except in the demo."""
    message.state = state
    if not settings.KEEP_SENT_SECRETS:
        message.sealed = ""
    message.save(update_fields=["state", "sealed", "sent_at", "provider_id", "receipt", "last_error"])


def _wipe_out_of_date() -> None:
    """Wipes secrets that the demo has kept and that are out of date."""
    kept = Message.objects.filter(state__in=FINAL_STATES, useful_until__lte=timezone.now()).exclude(sealed="")
    kept.update(sealed="")

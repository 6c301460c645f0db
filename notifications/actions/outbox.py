"""The outbox: a message is put into it with its change, withdrawn when it is not true any more, or told by a person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from foundation.background import wakeups
from foundation.database import clock, writes
from notifications import rendering
from notifications.actions import sending
from notifications.choices import IN_QUEUE, NOT_DELIVERED, MessageChannel, MessageState, MessageTemplate
from notifications.models import Message
from notifications.texts import Facts

NO_ADDRESS = "no address"


def put(
    facts: Facts,
    *,
    address: str,
    about: UUID,
    patient: UUID | None,
    useful_until: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    told_at: datetime | None = None,
    channel: MessageChannel = MessageChannel.SMS,
) -> None:
    """Writes a message; call it inside the transaction of the change that the message tells about.

    The same `dedupe_key` again is the same message. A message not sent by `useful_until` is dropped. Without an address
    it is not delivered from the first, so that somebody sees it. `told_at` says that a person has told the patient the
    same already. Raises FactMissing.
    """
    message = Message(
        channel=channel,
        address=address,
        patient=patient,
        about=about,
        useful_until=useful_until,
        dedupe_key=dedupe_key,
        due_at=due_at or clock.now(),
        told_at=told_at,
    )
    rendering.write(message, facts)
    if not address:
        message.state, message.last_error, message.sealed = MessageState.FAILED, NO_ADDRESS, ""
    writes.insert(message, conflict=writes.IGNORE)
    if address:
        wakeups.after_commit(sending.TASK, fallback=sending.send_due)


def withdraw(*, about: Collection[UUID], template: MessageTemplate | None = None) -> None:
    """Drops what is not delivered about these subjects: a later message replaces it, or nothing is true any more.

    One that a sender has in hand is not tried again if the provider refuses it now. `template` drops this kind alone.
    """
    messages = _not_delivered(about)
    _drop(messages.filter(template=template) if template else messages)


def withdraw_due(*, about: UUID, due_at: datetime) -> None:
    """Drops what is due at this very moment about the subject: the change that it tells about was undone before."""
    _drop(_not_delivered([about]).filter(due_at=due_at))


def not_delivered(*, about: UUID) -> dict[UUID, str]:
    """Returns the states of the messages about this subject that are not delivered, by their keys."""
    return dict(_not_delivered([about]).values_list("pk", "state"))


def restore(message: Message, *, state: MessageState, facts: Facts) -> None:
    """Takes the withdrawal of a message back: its change was undone, and it is due as before.

    Its secrets were wiped, so its facts are written anew. One that has left meanwhile stays as it is.
    """
    columns: dict[str, object] = {"state": state}
    if state in IN_QUEUE:
        rendering.write(message, facts)
        columns |= {"facts": message.facts, "sealed": message.sealed}
    Message.objects.filter(pk=message.pk, state=MessageState.DROPPED).update(**columns)


def mark_told(*, about: UUID, at: datetime) -> None:
    """Records that a person has told the patient what is not delivered about this subject; «sent» is never «told»."""
    _not_delivered([about]).filter(told_at=None).update(told_at=at)


def _drop(messages: QuerySet[Message]) -> None:
    messages.update(state=MessageState.DROPPED, **sending.wiped())


def _not_delivered(about: Collection[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(about__in=about, state__in=NOT_DELIVERED)

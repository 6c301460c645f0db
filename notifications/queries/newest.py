"""The newest message about each subject is the one that counts."""

from collections.abc import Collection
from uuid import UUID

from notifications.choices import MessageState, MessageTemplate
from notifications.models import Message


def newest_about(subjects: Collection[UUID]) -> dict[UUID, Message]:
    """Returns the newest message about each of these subjects, by subject, in one statement.

    What was dropped told nobody anything. A subject without a message is left out.
    """
    if not subjects:
        return {}
    known = Message.objects.filter(about__in=subjects).exclude(state=MessageState.DROPPED)
    newest = known.order_by("about", "-created_at", "-pk").distinct("about")
    return {message.about: message for message in newest if message.about}


def reminded(subjects: Collection[UUID]) -> set[UUID]:
    """Returns those of these subjects whose newest message is a reminder."""
    newest = newest_about(subjects)
    return {about for about, message in newest.items() if message.template == MessageTemplate.REMINDER}

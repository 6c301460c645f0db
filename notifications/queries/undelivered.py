"""Messages about visits that have not reached the phone, while somebody can still tell the patient."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from notifications.choices import ABOUT_VISITS, MessageChannel, MessageState, ReceiptState
from notifications.gateways import routes
from notifications.models import Message

LATE = timedelta(minutes=15)
"""So long a provider may be away before a person is asked to phone; the tries go on meanwhile."""
SOON = timedelta(hours=2)
"""A message that is of use for so long only is a person's business at its first failure."""


def undelivered(now: datetime) -> QuerySet[Message]:
    """Returns the messages about visits that nobody has received or was told, and that are still of use."""
    failing = Q(state__in=(MessageState.QUEUED, MessageState.SENDING), failing_since__isnull=False)
    late = Q(failing_since__lte=now - LATE) | Q(useful_until__lte=now + SOON)
    silent = Q(state=MessageState.SENT, receipt=ReceiptState.ACCEPTED, sent_at__lte=now - _patience())
    silent &= Q(route__in=_reporting())
    return Message.objects.filter(
        Q(state=MessageState.FAILED) | (failing & late) | silent,
        told_at=None,
        useful_until__gt=now,
        template__in=ABOUT_VISITS,
    )


def _patience() -> timedelta:
    return timedelta(minutes=settings.RECEIPT_MINUTES)


def _reporting() -> list[str]:
    """Returns the routes whose providers say what was delivered: where they stay silent, it was not."""
    return [name for name in routes.names(MessageChannel.SMS) if routes.reporting(name)]

"""Messages about visits that have not reached the phone, while somebody can still tell the patient."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from notifications.choices import ABOUT_VISITS, MessageState
from notifications.models import Message

LATE = timedelta(minutes=15)
"""So long a provider may be away before a person is asked to phone; the tries go on meanwhile."""
SOON = timedelta(hours=2)
"""A message that is of use for so long only is a person's business at its first failure."""


def undelivered(now: datetime) -> QuerySet[Message]:
    """Returns the messages about visits that nobody has received or was told, and that are still of use."""
    failing = Q(state__in=(MessageState.QUEUED, MessageState.SENDING), failing_since__isnull=False)
    late = Q(failing_since__lte=now - LATE) | Q(useful_until__lte=now + SOON)
    return Message.objects.filter(
        Q(state=MessageState.FAILED) | (failing & late), told_at=None, useful_until__gt=now, template__in=ABOUT_VISITS
    )

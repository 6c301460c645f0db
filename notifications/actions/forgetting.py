from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from foundation.database import clock
from notifications.choices import FINAL_STATES, MessageTemplate
from notifications.models import Message, PhoneCode

CODES_FOR = timedelta(days=2)
"""The codes of a day are counted."""
BATCH = 1000
"""Rows in one statement at most: the first run of an old clinic stays within the limits of Postgres."""


def forget() -> None:
    """Deletes codes of which nothing depends any more, and messages that are over for `MESSAGE_DAYS`."""
    now = clock.now()
    over = Message.objects.filter(state__in=FINAL_STATES)
    _delete(PhoneCode.objects.filter(created_at__lt=now - CODES_FOR, expires_at__lt=now))
    _delete(over.filter(template=MessageTemplate.CODE, created_at__lt=now - CODES_FOR))
    _delete(over.filter(created_at__lt=now - timedelta(days=settings.MESSAGE_DAYS)))


def _delete(rows: QuerySet[Message] | QuerySet[PhoneCode]) -> None:
    """Deletes the oldest first, batch by batch; what was deleted stays deleted when a later batch fails."""
    while keys := list(rows.order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        rows.filter(pk__in=keys).delete()

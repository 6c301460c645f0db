from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from foundation.database import clock
from notifications.choices import FINAL_STATES, MessageTemplate
from notifications.models import Message, PhoneCode

CODES_FOR = timedelta(days=2)
"""The codes of a day are counted."""


def forget() -> None:
    """Deletes codes of which nothing depends any more, and messages that are over for `MESSAGE_DAYS`."""
    now = clock.now()
    PhoneCode.objects.filter(created_at__lt=now - CODES_FOR, expires_at__lt=now).delete()
    old = Q(created_at__lt=now - timedelta(days=settings.MESSAGE_DAYS))
    codes = Q(template=MessageTemplate.CODE, created_at__lt=now - CODES_FOR)
    Message.objects.filter(old | codes, state__in=FINAL_STATES).delete()

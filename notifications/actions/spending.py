"""The cap on what messages cost: so many leave in any hour, counted in the table of what has left (T52–T55).

Codes have a cap of their own where they are asked for: one that waited here would be out of date.
"""

from datetime import timedelta

from django.conf import settings

from foundation.database import clock
from notifications.choices import MessageTemplate
from notifications.models import Message

AN_HOUR = timedelta(hours=1)


def may_leave(message: Message) -> bool:
    """Tells whether another message may leave now; two senders at one moment may be over by one each."""
    if message.template == MessageTemplate.CODE:
        return True
    left = Message.objects.filter(sent_at__gt=clock.now() - AN_HOUR).exclude(template=MessageTemplate.CODE)
    return left.count() < settings.MESSAGES_PER_HOUR

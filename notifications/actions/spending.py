"""The cap on what messages cost: so many leave in any hour, counted in the table of what has left (T52–T55)."""

import logging
from datetime import timedelta

from django.conf import settings

from foundation.database import clock
from notifications.gateways.contract import GatewayError
from notifications.models import Message

log = logging.getLogger(__name__)

AN_HOUR = timedelta(hours=1)


class CapReached(GatewayError):
    """So many messages as the clinic wants to pay for have left within an hour; the next ones wait for their turn."""


def check() -> None:
    """Checks that another message may leave; two senders at one moment may be over by one each. Raises CapReached."""
    if Message.objects.filter(sent_at__gt=clock.now() - AN_HOUR).count() >= settings.MESSAGES_PER_HOUR:
        log.error("%s messages have left within an hour: the others wait", settings.MESSAGES_PER_HOUR)
        raise CapReached("so many messages have left within an hour")

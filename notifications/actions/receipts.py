"""Asks providers what became of the messages they took: «sent» is not yet «delivered», and neither is «told» (R13)."""

import logging
from collections import defaultdict
from datetime import timedelta

from foundation.database import clock
from notifications.choices import MessageState, ReceiptState
from notifications.gateways import routes
from notifications.gateways.contract import GatewayError, Reporting
from notifications.models import Message

log = logging.getLogger(__name__)

ASKED_FOR = timedelta(days=2)
"""So long a provider knows what has become of a message; phones are off for a night."""
AT_ONCE = 100
OF_ONE_RUN = 2000
"""So many are asked about in a run, the oldest first; a run comes each minute."""


def ask() -> int:
    """Asks about all messages without a final receipt and returns how many have one now.

    What a provider never delivered is a message not delivered, and so a person's business while it is of use.
    """
    found = 0
    for route, waiting in _without_receipt().items():
        if (provider := routes.reporting(route)) is None:
            continue
        try:
            for first in range(0, len(waiting), AT_ONCE):
                found += _ask(provider, waiting[first : first + AT_ONCE])
        except GatewayError as error:  # a provider that hangs holds a worker up once in a run
            log.warning("no receipts by %s: %s", route, error)
    return found


def _without_receipt() -> dict[str, list[Message]]:
    lately = Message.objects.filter(sent_at__gt=clock.now() - ASKED_FOR, receipt=ReceiptState.ACCEPTED)
    by_route: dict[str, list[Message]] = defaultdict(list)
    for message in lately.exclude(provider_id="").order_by("sent_at")[:OF_ONE_RUN]:
        by_route[message.route].append(message)
    return by_route


def _ask(provider: Reporting, messages: list[Message]) -> int:
    known = provider.receipts([message.provider_id for message in messages])
    for message in messages:
        if state := known.get(message.provider_id):
            _keep(message, state)
    return len(known)


def _keep(message: Message, state: ReceiptState) -> None:
    columns: dict[str, object] = {"receipt": state}
    if state == ReceiptState.UNDELIVERED:
        columns |= {"state": MessageState.FAILED, "sent_at": None, "failing_since": message.sent_at}
        columns["last_error"] = "undelivered"
    Message.objects.filter(pk=message.pk, state=MessageState.SENT).update(**columns)

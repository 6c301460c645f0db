"""Gateways send messages out; each is one method, and settings name the class."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from foundation.database import clock
from notifications.choices import MessageChannel, ReceiptState

log = logging.getLogger(__name__)


class GatewayError(Exception):
    """The provider did not take the message; it is tried again."""


class AddressRefused(GatewayError):
    """The provider will never deliver to this address; the message is given up at once."""


@dataclass(frozen=True)
class Outgoing:
    """A message as it goes out. The same `id` again is the same message, tried once more."""

    id: UUID
    channel: MessageChannel
    address: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """The answer of a provider that has taken a message over."""

    provider_id: str
    accepted_at: datetime
    state: ReceiptState = ReceiptState.ACCEPTED


class Gateway(Protocol):
    def send(self, message: Outgoing) -> Receipt:
        """Hands the message over. Raises GatewayError, AddressRefused.

        It may take seconds: never call it inside a transaction.
        """


class ConsoleGateway:
    """A gateway for a machine without a provider: the log says only that a message went."""

    def send(self, message: Outgoing) -> Receipt:
        log.info("message of %s characters to an address ending in %s", len(message.text), message.address[-2:])
        return Receipt(provider_id="", accepted_at=clock.now())


@cache
def gateway() -> Gateway:
    """Returns the gateway that settings name, made once in a process."""
    return import_string(settings.MESSAGE_GATEWAY)()

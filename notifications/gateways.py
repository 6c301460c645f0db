"""Ways out for messages. A gateway is one method; settings name the class."""

import logging
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class GatewayError(Exception):
    """The provider did not take the message. It is tried again."""


class Gateway(Protocol):
    def send(self, *, address: str, text: str) -> None:
        """Hands the text over or raises GatewayError. May take seconds: never called inside a transaction."""


class ConsoleGateway:
    """For a machine without a provider: the text stays readable in the office, the log says only that it went."""

    def send(self, *, address: str, text: str) -> None:
        log.info("message of %s characters to an address ending in %s", len(text), address[-2:])


@cache
def gateway() -> Gateway:
    return import_string(settings.MESSAGE_GATEWAY)()

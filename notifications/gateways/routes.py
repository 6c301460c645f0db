"""The routes by which messages leave: settings name them for each channel, and the first that takes one has it."""

import logging
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.choices import MessageChannel
from notifications.gateways.contract import AddressRefused, Gateway, GatewayError, Outgoing, Receipt, Reporting, Ringing

log = logging.getLogger(__name__)

KNOWN = {
    "console": "notifications.gateways.console.ConsoleGateway",
    "http": "notifications.gateways.http.HttpGateway",
    "smsru": "notifications.gateways.smsru.SmsRuGateway",
    "smtp": "notifications.gateways.mail.SmtpGateway",
}
"""The short names; any other route is the dotted path of a class."""


class Taken(NamedTuple):
    """A message that a provider has taken, with the name of the route."""

    route: str
    receipt: Receipt


def names(channel: MessageChannel) -> list[str]:
    """Returns the routes of a channel, the first choice first; none when the clinic has no provider."""
    return list(settings.MESSAGE_ROUTES.get(channel, []))


def gateway(name: str) -> Gateway:
    made: Gateway = import_string(KNOWN.get(name, name))()
    return made


def reporting(name: str) -> Reporting | None:
    """Returns the gateway of a route whose provider can be asked for receipts; None for any other, and an old one."""
    try:
        made = gateway(name)
    except ImportError:
        return None
    return made if isinstance(made, Reporting) else None


def ring(message: Outgoing) -> tuple[Taken, str]:
    """Has the phone of a message rung by the first route that does, and returns the digits that prove who has it.

    Raises AddressRefused, GatewayError.
    """
    error = GatewayError("no route")
    for name in names(message.channel):
        try:
            made = gateway(name)
            if isinstance(made, Ringing):
                rung = made.ring(message.address)
                return Taken(name, rung.receipt), rung.digits
        except GatewayError as failure:
            error = failure
        log.warning("message %s: route %s: %s", message.id, name, error)
    raise error


def send(message: Outgoing) -> Taken:
    """Hands a message to the first route that takes it; the next one is tried when one fails or stays silent.

    A provider that took it and said nothing makes a message go twice, which is better than not at all. An address that
    one route will never reach may be reached by another. Raises AddressRefused when all refuse it, GatewayError.
    """
    failures: list[GatewayError] = []
    for name in names(message.channel):
        try:
            return Taken(name, gateway(name).send(message))
        except GatewayError as error:
            failure = error
        except (
            Exception
        ) as error:  # a setting that cannot be sent, a class of the clinic's own: the next route is asked
            failure = GatewayError(type(error).__name__)
        log.warning("message %s: route %s: %s", message.id, name, failure)
        failures.append(failure)
    words = "; ".join(str(error) for error in failures) or "no route"
    refused = bool(failures) and all(isinstance(error, AddressRefused) for error in failures)
    raise (AddressRefused if refused else GatewayError)(words)

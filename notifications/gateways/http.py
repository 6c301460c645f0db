"""A gateway for any provider of SMS that takes a message as one HTTP request; settings say what the request is."""

import logging
from collections.abc import Mapping
from functools import reduce
from typing import Any

import httpx
from django.conf import settings

from foundation.database import clock
from notifications.gateways.contract import AddressRefused, GatewayError, Outgoing, Receipt

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds for each step of a request: much less than the lease of a sender."""


def post(url: str, **content: Any) -> httpx.Response:
    """Posts to a provider. Raises GatewayError when no answer comes, and for a server that is in trouble (5xx, 429)."""
    try:
        answer = httpx.post(url, timeout=TIMEOUT, **content)
    except httpx.HTTPError as error:
        raise GatewayError(type(error).__name__) from error  # its words may hold an address with a key
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise GatewayError(str(answer.status_code))
    return answer


def read(answer: httpx.Response) -> dict[str, Any]:
    """Returns the JSON object of an answer. Raises GatewayError when it is none."""
    try:
        said = answer.json()
    except ValueError as error:
        raise GatewayError("the answer is not JSON") from error
    if not isinstance(said, dict):
        raise GatewayError("the answer is not an object")
    return said


class HttpGateway:
    """Posts `SMS_HTTP_BODY` as JSON to `SMS_HTTP_URL`, with the number, the text and the id in their places.

    The body is a JSON object whose strings may hold `{phone}` (E.164), `{digits}` (without the plus), `{text}` and
    `{id}`. `SMS_HTTP_ID` is the way to the provider's number in the answer, as `data.id`. A status of
    `SMS_HTTP_REFUSED` says that the address is refused for good.
    """

    def send(self, message: Outgoing) -> Receipt:
        answer = post(settings.SMS_HTTP_URL, json=_filled(message), headers=settings.SMS_HTTP_HEADERS)
        if answer.status_code in settings.SMS_HTTP_REFUSED:
            raise AddressRefused(str(answer.status_code))
        if not answer.is_success:
            raise GatewayError(str(answer.status_code))
        return Receipt(provider_id=_number_in(answer), accepted_at=clock.now())


def _filled(message: Outgoing) -> dict[str, Any]:
    values = {
        "{phone}": message.address,
        "{digits}": message.address.lstrip("+"),
        "{text}": message.text,
        "{id}": str(message.id),
    }
    return _replaced(settings.SMS_HTTP_BODY, values)


def _replaced(part: Any, values: Mapping[str, str]) -> Any:
    """Puts values into the strings of a JSON value; one that looks like a placeholder itself is left alone."""
    if isinstance(part, dict):
        return {name: _replaced(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_replaced(each, values) for each in part]
    if isinstance(part, str):
        return values.get(part) or reduce(lambda text, name: text.replace(name, values[name]), values, part)
    return part


def _number_in(answer: httpx.Response) -> str:
    """Returns the provider's number of a message it has taken; empty when it says none: it is taken all the same."""
    if not (way := settings.SMS_HTTP_ID):
        return ""
    try:
        return str(reduce(lambda part, name: part[name], way.split("."), read(answer)))
    except (GatewayError, KeyError, TypeError):
        log.warning("the provider has taken a message, and its answer has no %s", way)
        return ""

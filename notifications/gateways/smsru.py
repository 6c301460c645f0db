"""The provider SMS.ru: https://sms.ru/api, by `api_id`; what becomes of a message is asked later."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from foundation.database import clock
from notifications.choices import ReceiptState
from notifications.gateways.contract import AddressRefused, GatewayError, Outgoing, Receipt, Rung
from notifications.gateways.http import post, read

TAKEN = 100
REFUSED = {202, 207, 209, 214}
"""No route to this number, none may be sent to it, it is on the stop list, it is abroad."""
DELIVERED = {103, 110}
"""On the phone; read there."""
UNDELIVERED = {104, 105, 106, 107, 108, 150}
"""Out of date, deleted by the operator, a fault of the phone, an unknown one, refused, no route."""


class SmsRuGateway:
    def send(self, message: Outgoing) -> Receipt:
        to = message.address.lstrip("+")
        sender = {"from": settings.SMS_SENDER} if settings.SMS_SENDER else {}
        answer = _ask("/sms/send", to=to, msg=message.text, **sender)
        mine = _of(answer, to)
        code = mine.get("status_code")
        if code in REFUSED:
            raise AddressRefused(f"{code}")
        if code != TAKEN:
            raise GatewayError(f"{code}")
        return Receipt(provider_id=str(mine.get("sms_id", "")), accepted_at=clock.now())

    def ring(self, phone: str) -> Rung:
        """Rings by `/code/call`: the provider says the last four digits of the number that it rings from."""
        form = {"api_id": settings.SMSRU_API_ID, "phone": phone.lstrip("+"), "json": "1"}
        answer = read(post(f"{settings.SMSRU_URL}/code/call", data=form))
        digits = str(answer.get("code", ""))
        if answer.get("status") != "OK" or not (digits.isascii() and digits.isdigit()):
            raise GatewayError(f"{answer.get('status_code', 'no code')}")
        # Nothing can be asked of a call later, so that its number is not kept.
        return Rung(digits=digits, receipt=Receipt(provider_id="", accepted_at=clock.now()))

    def receipts(self, provider_ids: Sequence[str]) -> Mapping[str, ReceiptState]:
        answer = _ask("/sms/status", sms_id=",".join(provider_ids))
        known = {number: _state(_of(answer, number).get("status_code")) for number in provider_ids}
        return {number: state for number, state in known.items() if state}


def _ask(path: str, **values: str) -> dict[str, Any]:
    """Returns what the provider says. Raises GatewayError with its number, never with its words, which may name us."""
    form = {"api_id": settings.SMSRU_API_ID, "json": "1"} | values
    answer = read(post(settings.SMSRU_URL + path, data=form))
    if answer.get("status_code") != TAKEN:
        raise GatewayError(f"{answer.get('status_code')}")
    return answer


def _of(answer: dict[str, Any], key: str) -> dict[str, Any]:
    mine = answer.get("sms", {})
    found = mine.get(key) if isinstance(mine, dict) else None
    return found if isinstance(found, dict) else {}


def _state(code: object) -> ReceiptState | None:
    if code in DELIVERED:
        return ReceiptState.DELIVERED
    return ReceiptState.UNDELIVERED if code in UNDELIVERED else None

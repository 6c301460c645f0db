"""These presenters show what the telephone exchange tells: who calls now, and the calls of before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from phonenumber_field.phonenumber import PhoneNumber

from back_office.renewing import fingerprint
from foundation.accounts.actors import Actor
from telephony.models import ExchangeCall
from telephony.queries import calls

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class CallingPart:
    """The part says who calls this person now; a number that is hidden is empty."""

    calls: bool
    phone: PhoneNumber | str
    answered_at: datetime | None
    seen: str

    @classmethod
    def of(cls, by: Actor) -> "CallingPart":
        call = calls.calling_now(by)
        if call is None:
            return cls(calls=False, phone="", answered_at=None, seen="none")
        seen = fingerprint(call.pk, call.number, call.answered_at)
        return cls(calls=True, phone=call.number, answered_at=call.answered_at, seen=seen)


@dataclass(frozen=True, slots=True)
class ShownExchangeCall:
    pk: UUID
    phone: PhoneNumber | str
    rang_at: datetime
    extension: str
    waited: int | None
    """Seconds until somebody answered; None where nobody did."""
    missed: bool
    recorded: bool

    @classmethod
    def of(cls, call: ExchangeCall) -> "ShownExchangeCall":
        waited = int((call.answered_at - call.rang_at).total_seconds()) if call.answered_at else None
        return cls(
            pk=call.pk,
            phone=call.number,
            rang_at=call.rang_at,
            extension=call.extension or ", ".join(call.rings_at),
            waited=waited,
            missed=call.missed_at is not None,
            recorded=bool(call.recording_link),
        )


@dataclass(frozen=True, slots=True)
class ExchangePage:
    rows: Sequence[ShownExchangeCall]
    page_obj: "PageOfRows[ExchangeCall]"

    @classmethod
    def of(cls, number: str) -> "ExchangePage":
        page = Paginator(calls.newest_first(), PER_PAGE).get_page(number)
        return cls([ShownExchangeCall.of(call) for call in page], page)


@dataclass(frozen=True, slots=True)
class RecordingPage:
    link: str

"""A time is kept only after a phone is proved (T110): the pages that ask for the phone and for the code."""

from dataclasses import dataclass

from booking_site.forms.code import CodeForm
from booking_site.forms.prove import PhoneToProveForm
from booking_site.scope import WantedTime
from foundation.accounts.actors import Actor
from foundation.text import phones
from notifications.queries.codes import SentCode, sent_last
from scheduling.errors import ProofNeeded
from scheduling.queries.read_models import ShownService, ShownSlot


@dataclass(frozen=True, slots=True)
class ProvePage:
    form: PhoneToProveForm
    slot: ShownSlot
    service: ShownService
    why: str

    @classmethod
    def of(cls, wanted: WantedTime, form: PhoneToProveForm) -> "ProvePage":
        return cls(form=form, slot=wanted.slot, service=wanted.service, why=str(ProofNeeded()))


@dataclass(frozen=True, slots=True)
class ProveCodePage:
    form: CodeForm
    slot: ShownSlot
    service: ShownService
    phone: str
    sent: SentCode

    @classmethod
    def of(cls, wanted: WantedTime, form: CodeForm, *, phone: str, by: Actor) -> "ProveCodePage":
        return cls(
            form=form,
            slot=wanted.slot,
            service=wanted.service,
            phone=phones.shown(phone),
            sent=sent_last(phone=phone, asked_by=by.ref),
        )

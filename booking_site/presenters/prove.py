"""A time is kept only after a phone is proved (T110): the pages that ask for the phone and for the code."""

from dataclasses import dataclass

from booking_site.forms.code import CodeForm
from booking_site.forms.prove import PhoneToProveForm
from booking_site.scope import WantedTime
from foundation.text import phones
from notifications.queries import codes
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
    demo_code: str
    """The code itself, in the demo alone, where nothing is sent; else empty."""

    @classmethod
    def of(cls, wanted: WantedTime, form: CodeForm, *, phone: str) -> "ProveCodePage":
        return cls(
            form=form,
            slot=wanted.slot,
            service=wanted.service,
            phone=phones.shown(phone),
            demo_code=codes.shown_in_demo(phone),
        )

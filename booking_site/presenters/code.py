from dataclasses import dataclass
from datetime import datetime

from booking_site.flow import Flow
from booking_site.forms.code import CodeForm
from foundation.accounts.actors import Actor
from foundation.text import phones
from notifications.choices import MessageChannel
from notifications.gateways import routes
from notifications.queries.codes import SentCode, sent_last
from scheduling.queries.read_models import ShownService, ShownSlot


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page asks for the code that was sent to a phone, and shows the chosen time."""

    form: CodeForm
    slot: ShownSlot
    service: ShownService
    held_until: datetime | None
    """None when the time is not kept any more."""
    way: str
    """The sealed way to this step."""
    phone: str
    can_ring: bool
    """The phone can be rung instead of being sent a message."""
    sent: SentCode
    handed: bool
    """The contact centre phones instead."""

    @classmethod
    def of(cls, flow: Flow, form: CodeForm, *, phone: str, by: Actor) -> "CodePage":
        """Makes the page. Raises SlotTaken when the schedule no longer has the chosen time."""
        slot = flow.slot_still_there()
        return cls(
            form=form,
            slot=slot,
            service=flow.service,
            held_until=flow.held_until(slot),
            way=flow.sealed,
            phone=phones.shown(phone),
            can_ring=bool(routes.names(MessageChannel.VOICE)),
            sent=sent_last(phone=phone, asked_by=by.ref),
            handed=flow.handed is not None,
        )

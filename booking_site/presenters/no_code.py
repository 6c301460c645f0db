"""These pages say that the contact centre phones whoever gets no code, or that nobody can phone now."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from booking_site.flow import Flow, Handed
from foundation.clock import WallTime, on_wall
from foundation.database import clock
from foundation.text import phones
from scheduling.queries.read_models import ShownService, ShownSlot
from waitlist import request_links


@dataclass(frozen=True, slots=True)
class HandedPage:
    """The contact centre phones about the chosen time."""

    slot: ShownSlot
    service: ShownService
    phone: str
    until: WallTime | None
    """None when the time is kept no longer."""
    state_link: str
    """The visitor's own link to what becomes of the call."""

    @classmethod
    def of(cls, flow: Flow, handed: Handed, *, phone: str) -> "HandedPage":
        """Makes the page. Raises SlotTaken when the schedule no longer has the chosen time."""
        slot = flow.slot_still_there()
        kept = on_wall(handed.until, slot.shift.room.location.timezone) if handed.until > clock.now() else None
        link = reverse("site:request_state", args=[request_links.token_for(handed.request, proved=False)])
        return cls(slot=slot, service=flow.service, phone=phones.shown(phone), until=kept, state_link=link)


@dataclass(frozen=True, slots=True)
class NobodyCallsPage:
    """The page says that nobody phones now, when somebody does, and what can be done instead."""

    service: ShownService
    weekdays: tuple[str, ...]
    weekends: tuple[str, ...]

    @classmethod
    def of(cls, flow: Flow) -> "NobodyCallsPage":
        weekdays, weekends = settings.CALL_HOURS
        return cls(service=flow.service, weekdays=weekdays, weekends=weekends)

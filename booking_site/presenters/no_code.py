"""These pages say that the contact centre phones whoever gets no code, or that nobody can phone now."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from booking_site.flow import Flow
from foundation.clock import WallTime, on_wall
from foundation.database import clock
from foundation.text import phones
from scheduling.queries.read_models import ShownService, ShownSlot


@dataclass(frozen=True, slots=True)
class HandedPage:
    """The contact centre phones about the chosen time."""

    slot: ShownSlot
    service: ShownService
    phone: str
    until: WallTime | None
    """None when the time is kept no longer."""

    @classmethod
    def of(cls, flow: Flow, *, until: datetime, phone: str) -> "HandedPage":
        """Makes the page. Raises SlotTaken when the schedule no longer has the chosen time."""
        slot = flow.slot_still_there()
        kept = on_wall(until, slot.shift.room.location.timezone) if until > clock.now() else None
        return cls(slot=slot, service=flow.service, phone=phones.shown(phone), until=kept)


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

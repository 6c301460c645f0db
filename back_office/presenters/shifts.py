from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from back_office.forms.schedule import SlotsForm
from foundation.clock import on_wall
from scheduling.models import Doctor, Shift, Slot


@dataclass(frozen=True, slots=True)
class TimeRow:
    pk: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    appointment: UUID | None
    reason: str
    ticked: bool

    @property
    def may_be_ticked(self) -> bool:
        return self.state in ("free", "blocked")


@dataclass(frozen=True, slots=True)
class ShiftPage:
    shift: Shift
    doctor: Doctor
    times: list[TimeRow]
    form: SlotsForm
    past: bool

    @classmethod
    def of(cls, shift: Shift, form: SlotsForm | None = None) -> "ShiftPage":
        now, ticked = timezone.now(), form.ticked if form else ()
        zone, slots = shift.room.location.timezone, shift.slots.select_related("absence").order_by("starts_at")
        return cls(
            shift=shift,
            doctor=shift.doctor,
            times=[_row(slot, ticked, now, zone) for slot in slots],
            form=form or SlotsForm(shift=shift, closing=True),
            past=shift.ends_at <= now,
        )


def _row(slot: Slot, ticked: Collection[str], now: datetime, zone: str) -> TimeRow:
    return TimeRow(
        pk=slot.pk,
        starts_at=on_wall(slot.starts_at, zone),
        ends_at=on_wall(slot.ends_at, zone),
        state=_state(slot, now),
        appointment=slot.appointment_id,
        reason=slot.absence.reason if slot.absence else "",
        ticked=str(slot.pk) in ticked,
    )


def _state(slot: Slot, now: datetime) -> str:
    if slot.appointment_id:
        return "booked"
    if slot.absence_id:
        return "blocked"
    if slot.starts_at <= now:
        return "past"
    return "held" if slot.held_against(None, now) else "free"

"""All rows that a deed may change, read at once: the invariants are about them, in plain Python."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from foundation.audit.models import AuditEvent
from scheduling.choices import ACTIVE, UPCOMING
from scheduling.models import Absence, Appointment, AppointmentEvent, Shift, Slot
from waitlist.models import CallAttempt, FreedTime, SlotOffer, WaitlistEntry
from worklist.models import Task

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    now: datetime
    slots: list[Slot]
    visits: dict[UUID, Appointment]
    events: list[AppointmentEvent]
    audit: list[AuditEvent]
    absences: list[Absence]
    shifts: dict[UUID, Shift]
    entries: list[WaitlistEntry]
    offers: dict[UUID, SlotOffer]
    freed_times: dict[UUID, FreedTime]
    attempts: list[CallAttempt]
    tasks: dict[UUID, Task]

    @classmethod
    def read(cls) -> "Rows":
        return cls(
            now=timezone.now(),
            slots=sorted(all_of(Slot).values(), key=lambda slot: (slot.starts_at, slot.pk)),
            visits=all_of(Appointment),
            events=sorted(all_of(AppointmentEvent).values(), key=lambda event: event.pk),
            audit=sorted(all_of(AuditEvent).values(), key=lambda event: event.pk),
            absences=list(all_of(Absence).values()),
            shifts=all_of(Shift),
            entries=list(all_of(WaitlistEntry).values()),
            offers=all_of(SlotOffer),
            freed_times=all_of(FreedTime),
            attempts=list(all_of(CallAttempt).values()),
            tasks=all_of(Task),
        )

    def active(self) -> list[Appointment]:
        return [visit for visit in self.visits.values() if visit.status in ACTIVE]

    def ahead(self) -> list[Appointment]:
        return [visit for visit in self.visits.values() if visit.status in UPCOMING and visit.starts_at > self.now]

    def slots_of_visits(self) -> dict[UUID, list[Slot]]:
        return grouped(self.slots, "appointment_id")

    def slots_of_holds(self) -> dict[UUID, list[Slot]]:
        return grouped(self.slots, "hold_token")


def all_of(model: type[M]) -> dict[UUID, M]:
    """Reads a whole table by its key; as text the statement is not built anew after every deed."""
    return {row.pk: row for row in model._default_manager.raw(f'SELECT * FROM "{model._meta.db_table}"')}


def grouped(slots: list[Slot], column: str) -> dict[UUID, list[Slot]]:
    """Returns slots in order of time by what has them."""
    groups = defaultdict(list)
    for slot in slots:
        if key := getattr(slot, column):
            groups[key].append(slot)
    return groups

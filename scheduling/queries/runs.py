"""Locks the consecutive slots that a service takes and reads what a booking has to know, in one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from foundation.database import clock
from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch
from scheduling.choices import ACTIVE, listed
from scheduling.models import Doctor, Location, Room, Slot
from scheduling.queries import another_first, facts
from scheduling.queries.read_models import AnyService


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedSlot(ReadModel):
    """One slot of the run; what was read beside it is the same in every row."""

    slot: Slot
    doctor: Doctor
    room: Room
    location: Location
    given: bool
    patient_busy: bool
    another: UUID | None
    """A first visit ahead of the patient that this one would repeat."""
    made: UUID | None


def lock(*, start: UUID, service: AnyService, patient: UUID | None, key: str | None) -> list[LockedSlot]:
    """Locks the slots in order of id and returns them; empty when there is no such start."""
    values: dict[str, Any] = {
        "start": start,
        "service": service.pk,
        "minutes": service.minutes,
        "patient": patient,
        "key": key,
        "now": clock.now(),
    }
    return fetch(LockedSlot, _RUN, values)


_RUN = f"""
    SELECT {nested_columns(slot=Slot, doctor=Doctor, room=Room, location=Location)},
        doctor.active AND EXISTS (
            SELECT FROM scheduling_doctor_services given
            WHERE given.doctor_id = doctor.id AND given.service_id = %(service)s
        ) AS given,
        EXISTS (
            SELECT FROM scheduling_appointment visit
            WHERE visit.patient_id = %(patient)s AND visit.status IN ({listed(ACTIVE)})
                AND visit.starts_at < first.starts_at + make_interval(mins => %(minutes)s)
                AND visit.ends_at > first.starts_at
        ) AS patient_busy,
        {another_first.sql("first.doctor_id")} AS another,
        (SELECT id FROM scheduling_appointment WHERE idempotency_key = %(key)s) AS made
    FROM scheduling_slot first
    JOIN scheduling_slot slot ON slot.shift_id = first.shift_id AND slot.starts_at >= first.starts_at
        AND slot.starts_at < first.starts_at + make_interval(mins => %(minutes)s)
    {facts.DOCTOR_AND_PLACE}
    WHERE first.id = %(start)s
    ORDER BY slot.id
    FOR UPDATE OF slot
"""

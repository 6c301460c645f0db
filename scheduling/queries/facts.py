"""Reads a slot with its doctor and place by raw SQL: what a confirmation tells (R13)."""

from dataclasses import dataclass
from typing import NamedTuple, NoReturn
from uuid import UUID

from foundation.database.read_models import ReadModel, columns, nested_columns
from foundation.database.rows import fetch, fetch_first
from patients.models import Patient
from patients.queries.people import MEANT
from scheduling.models import Service
from scheduling.queries.read_models import ShownService, ShownSlot

PLACE = """
    JOIN scheduling_shift shift ON shift.id = slot.shift_id
    JOIN scheduling_room room ON room.id = shift.room_id
    JOIN scheduling_location location ON location.id = room.location_id
"""
DOCTOR_AND_PLACE = f"JOIN scheduling_doctor doctor ON doctor.id = slot.doctor_id {PLACE}"


def slot(pk: UUID) -> ShownSlot | None:
    sql = f"SELECT {columns(ShownSlot, 'slot')} FROM scheduling_slot slot {DOCTOR_AND_PLACE} WHERE slot.id = %s"
    return fetch_first(ShownSlot, sql, [pk])


def service(pk: UUID) -> Service:
    """Returns the service. Raises Service.DoesNotExist."""
    sql = f"SELECT {columns(Service, 'service')} FROM scheduling_service service WHERE service.id = %s"
    return fetch_first(Service, sql, [pk]) or _no_service()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotAndService(ReadModel):
    slot: ShownSlot | None
    """None when the schedule has no such time."""
    service: ShownService


def slot_and_service(*, slot: UUID, service: UUID) -> SlotAndService:
    """Returns both in one statement. Raises Service.DoesNotExist."""
    return fetch_first(SlotAndService, _SLOT_AND_SERVICE, {"slot": slot, "service": service}) or _no_service()


class ChosenSlot(NamedTuple):
    """The slot and patient that a booking starts from, with the services of the slot's doctor."""

    slot: ShownSlot
    patient: Patient | None
    """None when the register has no such patient."""
    services: list[Service]
    """The services of the slot's doctor, in the order of the price list."""


def chosen_slot(*, slot: UUID, patient: UUID | None = None) -> ChosenSlot | None:
    """Returns what a booking starts from in one statement; None when the schedule has no such time."""
    rows = fetch(_ChosenRow, _CHOSEN, {"slot": slot, "patient": patient})
    if not rows:
        return None
    return ChosenSlot(rows[0].slot, rows[0].patient, [row.service for row in rows if row.service])


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChosenRow(ReadModel):
    slot: ShownSlot
    patient: Patient | None
    service: Service | None


_SLOT_AND_SERVICE = f"""
    SELECT {nested_columns(slot=ShownSlot, service=ShownService)}
    FROM scheduling_service service
    JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
    LEFT JOIN (scheduling_slot slot {DOCTOR_AND_PLACE}) ON slot.id = %(slot)s
    WHERE service.id = %(service)s
"""
_CHOSEN = f"""
    SELECT {nested_columns(slot=ShownSlot, patient=Patient, service=Service)}
    FROM scheduling_slot slot {DOCTOR_AND_PLACE}
    LEFT JOIN patients_patient patient ON patient.id = {MEANT.format(named="%(patient)s")}
    LEFT JOIN scheduling_doctor_services given ON given.doctor_id = slot.doctor_id
    LEFT JOIN scheduling_service service ON service.id = given.service_id AND service.active
    LEFT JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
    WHERE slot.id = %(slot)s
    ORDER BY specialty.order, specialty.name, service.order, service.name
"""


def _no_service() -> NoReturn:
    raise Service.DoesNotExist

"""A slot with its doctor and place, read by raw SQL: what a confirmation tells (R13)."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from foundation.database.rows import Columns, fetch, listed
from patients.models import Patient
from patients.queries import PATIENT
from scheduling.models import Doctor, Location, Room, Service, Shift, Slot

SERVICE = Columns(Service, "service")
_SLOT = Columns(Slot, "slot")
_DOCTOR = Columns(
    Doctor, "doctor", "id", "slug", "last_name", "first_name", "patronymic", "min_age", "max_age", "active"
)
_SHIFT = Columns(Shift, "shift", "id", "room_id", "date")
_ROOM = Columns(Room, "room", "id", "location_id", "name")
_LOCATION = Columns(Location, "location", "id", "name", "address")
PLACE = listed(_SHIFT, _ROOM, _LOCATION)
WITH_PLACE = """
    JOIN scheduling_shift shift ON shift.id = slot.shift_id
    JOIN scheduling_room room ON room.id = shift.room_id
    JOIN scheduling_location location ON location.id = room.location_id
"""
DOCTOR_AND_PLACE = f"{_DOCTOR.sql}, {PLACE}"
JOINS = f"JOIN scheduling_doctor doctor ON doctor.id = slot.doctor_id {WITH_PLACE}"
COLUMNS = f"{_SLOT.sql}, {DOCTOR_AND_PLACE}"


def slot_of(values: Iterator[Any]) -> Slot:
    """The slot of the next values of a row, which are `COLUMNS`."""
    return with_doctor_and_place(_SLOT.read(values), values)


def with_doctor_and_place(slot: Slot, values: Iterator[Any]) -> Slot:
    """The next values are `DOCTOR_AND_PLACE`."""
    slot.doctor = _DOCTOR.read(values)
    return with_place(slot, values)


def with_place(slot: Slot, values: Iterator[Any]) -> Slot:
    """The next values are `PLACE`."""
    slot.shift, slot.shift.room = _SHIFT.read(values), _ROOM.read(values)
    slot.shift.room.location = _LOCATION.read(values)
    return slot


def slot(pk: UUID) -> Slot | None:
    rows = fetch(f"SELECT {COLUMNS} FROM scheduling_slot slot {JOINS} WHERE slot.id = %s", [pk])
    return slot_of(iter(rows[0])) if rows else None


def service(pk: UUID) -> Service:
    """Raises Service.DoesNotExist."""
    found = SERVICE.one(f"SELECT {SERVICE.sql} FROM scheduling_service service WHERE service.id = %s", [pk])
    if found is None:
        raise Service.DoesNotExist
    return found


def slot_and_service(slot_pk: UUID, service_pk: UUID) -> tuple[Slot | None, Service]:
    """In one statement. Raises Service.DoesNotExist; the slot is None when the schedule has no such time."""
    rows = fetch(_SLOT_AND_SERVICE, [service_pk, slot_pk])
    if not rows:
        return None, service(service_pk)
    row = iter(rows[0])
    return slot_of(row), SERVICE.read(row)


class Chosen(NamedTuple):
    """What a booking begins with."""

    slot: Slot
    patient: Patient | None
    services: list[Service]
    """What the slot's doctor gives, in the order of the price list."""


def chosen(*, slot: UUID, patient: UUID | None = None) -> Chosen | None:
    """In one statement. None when the schedule has no such time; no patient when the register has none."""
    rows = fetch(_CHOSEN, {"slot": slot, "patient": patient})
    if not rows:
        return None
    row = iter(rows[0])
    found, who = slot_of(row), PATIENT.read_any(row)
    services = [SERVICE.read_any(iter(each[-SERVICE.width :])) for each in rows]
    return Chosen(found, who, [service for service in services if service])


_SLOT_AND_SERVICE = f"""
    SELECT {COLUMNS}, {SERVICE.sql}
    FROM scheduling_slot slot {JOINS} JOIN scheduling_service service ON service.id = %s
    WHERE slot.id = %s
"""
_CHOSEN = f"""
    SELECT {COLUMNS}, {PATIENT.sql}, {SERVICE.sql}
    FROM scheduling_slot slot {JOINS}
    LEFT JOIN patients_patient patient ON patient.id = %(patient)s
    LEFT JOIN scheduling_doctor_services given ON given.doctor_id = slot.doctor_id
    LEFT JOIN scheduling_service service ON service.id = given.service_id AND service.active
    LEFT JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
    WHERE slot.id = %(slot)s
    ORDER BY specialty.order, specialty.name, service.order, service.name
"""

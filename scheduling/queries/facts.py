"""A slot with its doctor and place, read by raw SQL: what a confirmation tells (R13)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from scheduling.models import Doctor, Location, Room, Service, Shift, Slot

_COLUMNS = (
    (Slot, "slot", tuple(field.attname for field in Slot._meta.concrete_fields)),
    (Doctor, "doctor", ("id", "slug", "last_name", "first_name", "patronymic", "min_age", "max_age", "active")),
    (Shift, "shift", ("id", "room_id", "date")),
    (Room, "room", ("id", "location_id", "name")),
    (Location, "location", ("id", "name", "address")),
)
COLUMNS = ", ".join(f"{table}.{name}" for _model, table, names in _COLUMNS for name in names)
_SERVICE = ", ".join(f"service.{field.column}" for field in Service._meta.concrete_fields)
WIDTH = sum(len(names) for _model, _table, names in _COLUMNS)
JOINS = """
    JOIN scheduling_doctor doctor ON doctor.id = slot.doctor_id
    JOIN scheduling_shift shift ON shift.id = slot.shift_id
    JOIN scheduling_room room ON room.id = shift.room_id
    JOIN scheduling_location location ON location.id = room.location_id
"""


def slot_of(values: Sequence[Any]) -> Slot:
    """The slot of a row of `COLUMNS`; what was not read is fetched when it is asked for."""
    row = iter(values)
    made: dict[str, Any] = {
        table: model.from_db(connection.alias, names, [next(row) for _ in names]) for model, table, names in _COLUMNS
    }
    found: Slot = made["slot"]
    made["room"].location, made["shift"].room = made["location"], made["room"]
    found.shift, found.doctor = made["shift"], made["doctor"]
    return found


def slot(pk: UUID) -> Slot | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM scheduling_slot slot {JOINS} WHERE slot.id = %s", [pk])
        row = cursor.fetchone()
    return slot_of(row) if row else None


def service(pk: UUID) -> Service:
    """Raises Service.DoesNotExist."""
    for found in Service.objects.raw(f"SELECT {_SERVICE} FROM scheduling_service service WHERE service.id = %s", [pk]):
        return found
    raise Service.DoesNotExist


def services_of(doctor: Doctor) -> list[Service]:
    """What this doctor gives, in the order of the price list."""
    return list(
        Service.objects.raw(
            f"""
            SELECT {_SERVICE} FROM scheduling_service service
            JOIN scheduling_doctor_services given ON given.service_id = service.id
            JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
            WHERE given.doctor_id = %s AND service.active
            ORDER BY specialty.order, specialty.name, service.order, service.name
            """,
            [doctor.pk],
        )
    )

"""Counts pairs of visits that must not exist, in the tables themselves."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from scheduling.choices import ACTIVE
from scheduling.models import Appointment, Slot

COLUMNS = ("doctor_id", "room_id", "patient_id")


def count() -> dict[str, int]:
    """Counts by column active visits that begin before a former one of the same doctor, room or patient has ended."""
    with connection.cursor() as cursor:
        return {column.removesuffix("_id"): _of(cursor, column) for column in COLUMNS}


def _of(cursor: CursorWrapper, column: str) -> int:
    cursor.execute(
        f"""
        SELECT count(*) FROM (
            SELECT starts_at < max(ends_at) OVER (
                PARTITION BY {column} ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS meets
            FROM scheduling_appointment WHERE NOT overbooked AND status = ANY(%s)
        ) visit WHERE meets
        """,
        [[status.value for status in ACTIVE]],
    )
    return int(cursor.fetchone()[0])


def in_slot(slot: Slot) -> int:
    """Counts active visits at the very start of this slot."""
    return Appointment.objects.filter(doctor=slot.doctor_id, starts_at=slot.starts_at, status__in=ACTIVE).count()

"""Reads which times an absence closes: one text of it for all who ask.

A time is open when no absence touches it: of its doctor, its room, its location or of everybody. `touches` is the only
place that says so; slots keep the answer in `Slot.absence`, so that a search does not ask again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foundation.database import clock
from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch, fetch_values
from scheduling.choices import UPCOMING, listed
from scheduling.models import Appointment
from scheduling.models.absence import Whose


def touches(row: str) -> str:
    """Returns the SQL of «`absence` touches this slot or visit»; the row's `room` is joined."""
    return f"""(
        absence.starts_at < {row}.ends_at AND absence.ends_at > {row}.starts_at
        AND (absence.doctor_id IS NULL OR absence.doctor_id = {row}.doctor_id)
        AND (absence.room_id IS NULL OR absence.room_id = room.id)
        AND (absence.location_id IS NULL OR absence.location_id = room.location_id)
    )"""


def strands(visit: str) -> str:
    """Returns the SQL of «an absence touches this visit», for many visits at once.

    A visit's slots keep the answer; a visit over a busy time has none and asks.
    """
    return f"""CASE WHEN {visit}.overbooked THEN EXISTS (
        SELECT FROM scheduling_absence absence JOIN scheduling_room room ON room.id = {visit}.room_id
        WHERE {touches(visit)}
    ) ELSE EXISTS (
        SELECT FROM scheduling_slot slot WHERE slot.appointment_id = {visit}.id AND slot.absence_id IS NOT NULL
    ) END"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched(ReadModel):
    """An open slot and an absence that ought to close it."""

    slot: UUID
    absence: UUID


def touched_by(absence: UUID, *, now: datetime) -> list[Touched]:
    """Open slots ahead that this absence touches, whoever has them."""
    return fetch(Touched, _TOUCHED.format(which="absence.id = %(absence)s"), {"absence": absence, "now": now})


def touched_by_any(*, now: datetime, shifts: Sequence[UUID] | None = None) -> list[Touched]:
    """Open slots ahead that any absence touches: of these shifts, or of all."""
    which = "true" if shifts is None else "shift.id = ANY(%(shifts)s)"
    return fetch(Touched, _TOUCHED.format(which=which), {"now": now, "shifts": shifts})


def give_to_others(absence: UUID) -> list[UUID]:
    """Lets the locked slots of this absence go: another one that touches a slot takes it over.

    Returns those that are open now and that nobody has; one that a step left is freed when it can no longer be undone.
    """
    return fetch_values(_GIVE_TO_OTHERS, {"absence": absence})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded(ReadModel):
    """A visit ahead, and an absence that touches it."""

    id: UUID
    absence: UUID


def stranded(*, now: datetime, absence: UUID | None = None) -> list[Stranded]:
    """Returns the visits ahead that this absence touches, or any."""
    return fetch(Stranded, _STRANDED, {"now": now, "absence": absence})


def visits_inside(whose: Whose, starts_at: datetime, ends_at: datetime) -> list[UUID]:
    """Returns the visits ahead that an absence of these hours touches, or would touch, in order of time."""
    values = {"now": clock.now(), "starts_at": starts_at, "ends_at": ends_at}
    keys = {name: row.pk if row else None for name, row in whose._asdict().items()}
    return fetch_values(_VISITS_INSIDE, values | keys)


def is_stranded(visit: Appointment) -> bool:
    """Says whether an absence touches this visit."""
    return is_closed(doctor=visit.doctor_id, room=visit.room_id, starts_at=visit.starts_at, ends_at=visit.ends_at)


def is_closed(*, doctor: UUID, room: UUID, starts_at: datetime, ends_at: datetime) -> bool:
    """Says whether an absence touches a span without a slot of its own, as one booked over a busy time."""
    values = {"doctor": doctor, "room": room, "starts_at": starts_at, "ends_at": ends_at}
    return bool(fetch_values(_IS_CLOSED, values))


# Shifts are found by their day, a day of another zone included; few absences end after now.
_TOUCHED = f"""
    SELECT DISTINCT ON (slot.id) slot.id AS slot, absence.id AS absence FROM scheduling_absence absence
    JOIN scheduling_shift shift
        ON shift.date BETWEEN absence.starts_at::date - 1 AND absence.ends_at::date + 1
        AND shift.ends_at > absence.starts_at AND shift.starts_at < absence.ends_at
    JOIN scheduling_room room ON room.id = shift.room_id
    JOIN scheduling_slot slot ON slot.shift_id = shift.id
    WHERE {{which}} AND absence.ends_at > %(now)s AND slot.ends_at > %(now)s
        AND slot.absence_id IS NULL AND {touches("slot")}
    ORDER BY slot.id, absence.id
"""
_GIVE_TO_OTHERS = f"""
    WITH given AS (
        UPDATE scheduling_slot slot SET absence_id = (
            SELECT absence.id FROM scheduling_absence absence
            JOIN scheduling_shift shift ON shift.id = slot.shift_id
            JOIN scheduling_room room ON room.id = shift.room_id
            WHERE absence.id <> %(absence)s AND {touches("slot")} ORDER BY absence.id LIMIT 1
        )
        WHERE slot.absence_id = %(absence)s
        RETURNING slot.id, slot.absence_id, slot.appointment_id, slot.hold_token
    )
    SELECT id FROM given WHERE absence_id IS NULL AND appointment_id IS NULL AND hold_token IS NULL ORDER BY id
"""
_AND_ITS_VISITS_AHEAD = f"""
    JOIN scheduling_appointment visit
        ON visit.starts_at < absence.ends_at
        AND visit.starts_at > greatest(%(now)s, absence.starts_at - interval '1 day')
        AND visit.status IN ({listed(UPCOMING)})
    JOIN scheduling_room room ON room.id = visit.room_id AND {touches("visit")}
"""
_STRANDED = f"""
    SELECT DISTINCT ON (visit.id) visit.id, absence.id AS absence
    FROM scheduling_absence absence {_AND_ITS_VISITS_AHEAD}
    WHERE (%(absence)s::uuid IS NULL OR absence.id = %(absence)s) AND absence.ends_at > %(now)s
    ORDER BY visit.id, absence.id
"""
_VISITS_INSIDE = f"""
    SELECT visit.id
    FROM (SELECT %(doctor)s::uuid AS doctor_id, %(room)s::uuid AS room_id, %(location)s::uuid AS location_id,
                 %(starts_at)s::timestamptz AS starts_at, %(ends_at)s::timestamptz AS ends_at) absence
    {_AND_ITS_VISITS_AHEAD}
    ORDER BY visit.starts_at, visit.id
"""
_IS_CLOSED = f"""
    SELECT absence.id FROM scheduling_absence absence
    JOIN scheduling_room room ON room.id = %(room)s
    JOIN (SELECT %(doctor)s::uuid AS doctor_id, %(starts_at)s::timestamptz AS starts_at,
                 %(ends_at)s::timestamptz AS ends_at) visit ON {touches("visit")}
    LIMIT 1
"""

"""Shifts, slots, visits with their history and messages: one statement fills some weeks of all doctors."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from foundation.audit.models import AuditEvent
from notifications.choices import MessageState, MessageTemplate
from notifications.models import Message
from scheduling.choices import AbsenceKind, CancelReason, VisitKind
from scheduling.choices import AppointmentStatus as Status
from scheduling.models import Absence, Appointment, AppointmentEvent, Shift, Slot
from standalone.seeding.cells import CELLS, SHIFTS, VISITS
from standalone.seeding.people import Register
from standalone.seeding.reference import Clinic
from standalone.seeding.sizes import SLOTS_A_DAY, Plan
from standalone.seeding.sql import insert, milliseconds, uuid7

CHUNK = 100_000
SLOT_ID, MESSAGE_ID = range(230, 232)
AUDITED_DAYS = 60

SHIFT = {
    "id": "shift_id",
    "doctor_id": "id",
    "room_id": "room_id",
    "date": "date",
    "starts_at": "shift_at",
    "ends_at": f"shift_at + {SLOTS_A_DAY} * interval '30 minutes'",
    "slot_minutes": "30",
    "published_at": "published_at",
    "published_by": "%(published_by)s",
}
CELL_ID = uuid7(f"(published_ms + extract(isodow FROM date)::int * {SLOTS_A_DAY} + k)", "cell", SLOT_ID)
SLOT = {
    "id": CELL_ID,
    "shift_id": "shift_id",
    "doctor_id": "id",
    "starts_at": "cell_at",
    "ends_at": "cell_at + interval '30 minutes'",
    "appointment_id": "appointment_id",
    "passed": "appointment_id IS NULL AND cell_at < %(now)s::timestamptz - interval '1 day'",
    "absence_id": f"CASE WHEN blocked THEN {CELL_ID} END",
}
ABSENCE = {
    "id": CELL_ID,
    "kind": f"'{AbsenceKind.BY_HAND.value}'",
    "doctor_id": "id",
    "starts_at": "cell_at",
    "ends_at": "cell_at + interval '30 minutes'",
    "note": "'Ремонт кабинета'",
}
"""A time that is closed by hand has the key of its slot."""
DONE, SEEN = (
    f"status = '{Status.FULFILLED.value}'",
    f"status IN ('{Status.FULFILLED.value}', '{Status.CHECKED_IN.value}')",
)


def _step(name: str, when: str, at: str, by: str) -> dict[str, str]:
    return {f"{name}_at": f"CASE WHEN {when} THEN {at} END", f"{name}_by": f"CASE WHEN {when} THEN {by} ELSE '' END"}


APPOINTMENT = {
    "id": "visit_id",
    "doctor_id": "id",
    "service_id": "services[service]",
    "room_id": "room_id",
    "starts_at": "starts_at",
    "ends_at": "ends_at",
    "visit_kind": f"CASE WHEN again THEN '{VisitKind.FOLLOW_UP.value}' ELSE '{VisitKind.FIRST.value}' END",
    "follow_up_of_id": "follow_up_of",
    "channel": "channel",
    "status": "status",
    "price": "prices[service]",
    "cancel_reason": f"CASE WHEN cancelled THEN '{CancelReason.PATIENT.value}' ELSE '' END",
    "link_hash": "encode(sha256(uuid_send(visit_id)), 'hex')",
    "created_at": "visit_created",
    "created_by": "by_ref",
    **_step("informed", "told", "visit_created + interval '1 minute'", "by_ref"),
    **_step("arrived", SEEN, "starts_at - interval '5 minutes'", "registrar"),
    **_step("started", SEEN, "starts_at", "registrar"),
    **_step("finished", DONE, "ends_at - interval '1 minute'", "registrar"),
    **_step("cancelled", "cancelled", "called_off_at", "operator"),
}
EVENTS = f"""
    SELECT visit_id, visit_created AS event_at, 'booked' AS kind, '' AS from_status,
        '{Status.BOOKED.value}' AS to_status, by_ref, by_name, jsonb_build_object('channel', channel) AS details
    FROM visits
    UNION ALL SELECT visit_id, called_off_at, 'cancelled', '{Status.BOOKED.value}', status, operator,
        operator_name, '{{}}'
    FROM visits WHERE cancelled
    UNION ALL SELECT visit_id, ends_at - interval '1 minute', 'finished', '{Status.CHECKED_IN.value}', status,
        registrar, registrar_name, '{{}}'
    FROM visits WHERE {DONE}
    UNION ALL SELECT visit_id, starts_at + interval '20 minutes', 'noshow', '{Status.BOOKED.value}', status, registrar,
        registrar_name, '{{}}'
    FROM visits WHERE status = '{Status.NOSHOW.value}'
"""
EVENT = {
    "appointment_id": "visit_id",
    "at": "event_at",
    "kind": "kind",
    "from_status": "from_status",
    "to_status": "to_status",
    "actor": "by_ref",
    "actor_name": "by_name",
    "reason": f"CASE kind WHEN 'cancelled' THEN '{CancelReason.PATIENT.value}' ELSE '' END",
    "details": "details",
}
MESSAGE = {
    "id": uuid7(milliseconds("visit_created"), "visit_key", MESSAGE_ID),
    "template": f"'{MessageTemplate.BOOKED.value}'",
    "facts": "jsonb_build_object('starts_at', starts_at, 'doctor', name, 'address', %(address)s::text)",
    "about": "visit_id",
    "useful_until": "ends_at",
    "dedupe_key": "'booked:' || visit_id",
    "due_at": "visit_created",
    "state": f"'{MessageState.SENT.value}'",
    "attempts": "1",
    "sent_at": "visit_created + interval '10 seconds'",
    "created_at": "visit_created",
}
AUDIT = {
    "at": "visit_created",
    "actor": "by_ref",
    "actor_name": "by_name",
    "action": "'appointment.booked'",
    "object_ref": "visit_id",
    "details": "jsonb_build_object('channel', channel)",
}
AUDITED = f"visit_created > %(now)s::timestamptz - interval '{AUDITED_DAYS} days'"


def weeks(plan: Plan, *, cells: int = CHUNK) -> Iterator[tuple[int, int]]:
    """Yields the first and last working day of pieces of whole weeks with about `cells` cells each, oldest first."""
    change = [0] * (len(plan.days) + 1)
    for place in plan.places:
        change[place.first] += 1
        change[place.last + 1] -= 1
    first, held, working = 0, 0, 0
    for no, day in enumerate(plan.days):
        if held >= cells and day.weekday() < plan.days[no - 1].weekday():
            yield first, no - 1
            first, held = no, 0
        working += change[no]
        held += working * SLOTS_A_DAY
    yield first, len(plan.days) - 1


class Book:
    """The appointment book of a clinic at the moment `now`."""

    def __init__(self, *, clinic: Clinic, register: Register, now: datetime) -> None:
        self.statement, self.parameters = _statement(register)
        self.parameters |= {
            "now": now,
            "published_by": clinic.registrars[0].ref,
            "registrars": [actor.ref for actor in clinic.registrars],
            "registrar_names": [actor.name for actor in clinic.registrars],
            "operators": [actor.ref for actor in clinic.operators],
            "operator_names": [actor.name for actor in clinic.operators],
            "address": settings.CLINIC["address"],
            "zone": settings.TIME_ZONE,
        }

    def fill(self, first: int, last: int) -> None:
        """Fills the working days from `first` to `last`."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, {**self.parameters, "first": first, "last": last})


def _statement(register: Register) -> tuple[str, dict[str, Any]]:
    patient = register.id_of("patient_n")
    slots, parameters = insert(Slot, "FROM cells ORDER BY published_at, date, k", SLOT)
    beside = {
        "absences_written": insert(Absence, "FROM cells WHERE blocked ORDER BY published_at, date, k", ABSENCE),
        "shifts_written": insert(Shift, "FROM shifts ORDER BY published_at, date", SHIFT),
        "visits_written": insert(
            Appointment, "FROM visits ORDER BY visit_created", APPOINTMENT | {"patient_id": patient}
        ),
        "events_written": insert(AppointmentEvent, f"FROM ({EVENTS}) events ORDER BY event_at", EVENT),
        "messages_written": insert(
            Message,
            f"FROM visits WHERE status = '{Status.BOOKED.value}' ORDER BY visit_created",
            MESSAGE | {"address": register.phone_of("patient_n"), "patient": patient},
        ),
        "audit_written": insert(
            AuditEvent, f"FROM visits WHERE {AUDITED} ORDER BY visit_created", AUDIT | {"patient": patient}
        ),
    }
    for _insert, defaults in beside.values():
        parameters |= defaults
    written = ", ".join(f"{name} AS ({statement})" for name, (statement, _defaults) in beside.items())
    return f"WITH {SHIFTS}, {CELLS}, {VISITS}, {written} {slots}", parameters

"""Finds a first visit ahead that another one would repeat: a person booked twice by mistake takes two times."""

from uuid import UUID

from foundation.database import clock
from foundation.database.rows import fetch_values
from patients.models import Patient
from scheduling.choices import AppointmentStatus, ServiceKind, VisitKind
from scheduling.models import Appointment, Doctor, Service

ANOTHER_FIRST = """(
    SELECT other.id FROM scheduling_appointment other
    JOIN scheduling_service theirs ON theirs.id = other.service_id
    JOIN scheduling_service wanted ON wanted.id = %(service)s
    WHERE other.patient_id = %(patient)s AND other.status = '{booked}' AND other.visit_kind = '{first}'
        AND other.starts_at > %(now)s
        AND (other.doctor_id = {doctor} OR theirs.specialty_id = wanted.specialty_id)
        AND (theirs.id = wanted.id OR '{examination}' NOT IN (theirs.kind, wanted.kind))
    ORDER BY other.starts_at, other.id LIMIT 1
)"""
"""The nearest first visit ahead to the same doctor or specialty; an examination repeats the same one alone."""


def sql(doctor: str) -> str:
    """Returns the expression with this one for the doctor; its parameters are `service`, `patient` and `now`."""
    return ANOTHER_FIRST.format(
        doctor=doctor,
        booked=AppointmentStatus.BOOKED.value,
        first=VisitKind.FIRST.value,
        examination=ServiceKind.EXAMINATION.value,
    )


def another_first(*, patient: Patient, service: Service, doctor: Doctor) -> UUID | None:
    """Returns the first visit ahead that one for this service to this doctor would repeat."""
    values = {"patient": patient.pk, "service": service.pk, "doctor": doctor.pk, "now": clock.now()}
    found: list[UUID | None] = fetch_values(f"SELECT {sql('%(doctor)s')}", values)
    return found[0]


def booked_already(pk: UUID) -> Appointment:
    """Returns the visit with what is said of it."""
    return Appointment.objects.select_related("doctor", "room__location").get(pk=pk)

"""Puts messages to patients about their visits: the four facts of R13 and nothing that names a specialty."""

from datetime import datetime

from notifications import texts
from notifications.actions import outbox
from patients.contact import number_of
from scheduling import links
from scheduling.models import Appointment


def booked(appointment: Appointment) -> None:
    """Tells the patient that the visit is booked."""
    _put(appointment, _visit(texts.Booked, appointment), dedupe_key=f"booked:{appointment.pk}")


def moved(appointment: Appointment, *, at: datetime) -> None:
    """Tells the patient of the new time; `at` is the moment of the move."""
    _put(appointment, _visit(texts.Moved, appointment), dedupe_key=f"moved:{appointment.pk}:{at.timestamp()}")


def cancelled(appointment: Appointment) -> None:
    """Tells the patient that the visit is cancelled."""
    facts = texts.Cancelled(
        starts_at=appointment.starts_at,
        doctor=appointment.doctor.full_name,
        zone=appointment.room.location.timezone,
    )
    _put(appointment, facts, dedupe_key=f"cancelled:{appointment.pk}")


def _visit(template: type[texts.Visit], appointment: Appointment) -> texts.Visit:
    return template(
        starts_at=appointment.starts_at,
        doctor=appointment.doctor.full_name,
        address=appointment.room.location.address,
        zone=appointment.room.location.timezone,
        link=links.url_of(appointment),
    )


def _put(appointment: Appointment, facts: texts.Facts, *, dedupe_key: str) -> None:
    """Puts a message, unless the visit is over or the patient has no number."""
    if address := number_of(appointment.patient, appointment.representation):
        outbox.put(
            facts,
            address=address,
            about=appointment.pk,
            patient=appointment.patient_id,
            useful_until=appointment.ends_at,
            dedupe_key=dedupe_key,
        )

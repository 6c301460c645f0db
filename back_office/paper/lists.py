"""The day on paper: who comes to which doctor when, with the phones, for a day on which the system is off (T26)."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from foundation.clock import WallTime
from foundation.database import clock
from foundation.text import phones
from patients.contact import number_of
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from scheduling.queries.day import appointments_of_day


@dataclass(frozen=True, slots=True)
class PaperVisit:
    local_start: WallTime
    patient: str
    birth_date: date
    phone: str
    """As people read it; empty where nobody has one."""
    service: str
    kind: str
    room: str
    overbooked: bool

    @classmethod
    def of(cls, visit: Appointment) -> "PaperVisit":
        return cls(
            local_start=visit.local_start,
            patient=visit.patient.full_name,
            birth_date=visit.patient.birth_date,
            phone=phones.shown(number_of(visit.patient, visit.representation)),
            service=visit.service.name,
            kind=visit.get_visit_kind_display(),
            room=f"{visit.room.location.name}, {visit.room.name}",
            overbooked=visit.overbooked,
        )


@dataclass(frozen=True, slots=True)
class PaperDoctor:
    name: str
    visits: list[PaperVisit]


@dataclass(frozen=True, slots=True)
class PaperDay:
    day: date
    written_at: datetime
    doctors: list[PaperDoctor]
    patients: list[UUID]

    @classmethod
    def of(cls, day: date) -> "PaperDay":
        listed = appointments_of_day(day).exclude(status=AppointmentStatus.CANCELLED)
        visits = list(listed.order_by("doctor__search_name", "doctor_id", "starts_at", "pk"))
        doctors = [
            PaperDoctor(name, [PaperVisit.of(visit) for visit in theirs])
            for (name, _pk), theirs in groupby(visits, key=lambda visit: (visit.doctor.full_name, visit.doctor_id))
        ]
        return cls(day, clock.now(), doctors, [visit.patient_id for visit in visits])


def today() -> date:
    return timezone.localdate(clock.now())

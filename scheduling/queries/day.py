"""Reads of the day's screens."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from scheduling.models import Appointment, Doctor, Shift, Slot
from scheduling.queries.availability import day_start


@dataclass(slots=True)
class DoctorDay:
    """One column of the day grid."""

    doctor: Doctor
    shifts: list[Shift] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    return day_start(day), day_start(day + timedelta(days=1))


def appointments_of_day(day: date) -> QuerySet[Appointment]:
    starts, ends = day_bounds(day)
    return (
        Appointment.objects.filter(starts_at__gte=starts, starts_at__lt=ends)
        .select_related("patient", "service", "doctor", "room", "representation")
        .order_by("starts_at")
    )


def doctor_days(day: date, *, specialty: UUID | None = None, doctors: list[UUID] | None = None) -> list[DoctorDay]:
    """Everybody who works that day with shifts, slots and appointments: three queries whatever their number."""
    shifts = (
        Shift.objects.filter(date=day)
        .select_related("doctor", "room")
        .prefetch_related(Prefetch("slots", Slot.objects.order_by("starts_at")))
        .order_by("doctor__last_name", "doctor__first_name", "doctor_id", "starts_at")
    )
    if specialty:
        shifts = shifts.filter(doctor__specialties=specialty)
    if doctors:
        shifts = shifts.filter(doctor__in=doctors)
    columns: dict[UUID, DoctorDay] = {}
    for shift in shifts:
        column = columns.setdefault(shift.doctor_id, DoctorDay(shift.doctor))
        column.shifts.append(shift)
        column.slots.extend(shift.slots.all())
    for appointment in appointments_of_day(day).filter(doctor__in=list(columns)):
        columns[appointment.doctor_id].appointments.append(appointment)
    return list(columns.values())


def doctor_appointments(doctor: Doctor, day: date) -> QuerySet[Appointment]:
    """The doctor's own list of a day."""
    return appointments_of_day(day).filter(doctor=doctor)


def with_facts(appointment_id: UUID) -> Appointment | None:
    """One appointment with everything a confirmation tells (R13)."""
    return (
        Appointment.objects.select_related(
            "patient", "representation", "doctor", "service__specialty", "room__location", "follow_up_of"
        )
        .filter(pk=appointment_id)
        .first()
    )


def history_of(patient_id: UUID) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(patient=patient_id)
        .select_related("doctor", "service", "room")
        .order_by("-starts_at")
    )


def visits_to_follow_up(patient_id: UUID, specialty_id: UUID | None = None) -> QuerySet[Appointment]:
    """Completed visits a follow-up may name."""
    visits = history_of(patient_id).filter(status="fulfilled", starts_at__lt=timezone.now())
    return visits.filter(service__specialty=specialty_id) if specialty_id else visits

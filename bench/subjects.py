"""Subjects of the reads: a doctor whose diary is full enough, their day, a specialty, a patient."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from foundation.clock import day_of, day_start
from patients.models import Patient
from scheduling.models import Doctor, Service, Shift, Slot, Specialty
from standalone.speech import Refusal

GRID_DOCTORS = 10
NEAREST_DOCTORS = 20


@dataclass(frozen=True)
class Subject:
    specialty: Specialty
    service: Service
    doctor: Doctor
    day: date
    """The next day with free times of this doctor."""


def subject(*, doctors: int = NEAREST_DOCTORS) -> Subject:
    """Returns the doctor with the most free times in a month, of the specialty with about so many doctors."""
    specialty = specialty_of(doctors)
    service = offered().filter(specialty=specialty).order_by("order")[0]
    free = free_ahead(days=30).filter(doctor__services=service, doctor__active=True)
    busiest = free.order_by().values("doctor").annotate(times=Count("pk")).order_by("-times", "doctor").first()
    if busiest is None:
        raise Refusal(f"В базе нет свободных времён: {specialty.name}. Заполните её заново: --fresh")
    return subject_of(Doctor.objects.get(pk=busiest["doctor"]), service)


def subject_of(doctor: Doctor, service: Service) -> Subject:
    """Returns the doctor as a subject; days count from tomorrow, so that the gone part of today does not matter."""
    first = free_ahead(days=90).filter(doctor=doctor).order_by("starts_at").first()
    if first is None:
        raise Refusal(f"У врача нет свободных времён: {doctor}. Заполните базу заново: --fresh")
    return Subject(service.specialty, service, doctor, day_of(first.starts_at))


def specialty_of(doctors: int) -> Specialty:
    """Returns the specialty whose number of doctors is nearest to this."""
    known = Specialty.objects.filter(services__in=offered(), doctors__active=True)
    counted = known.annotate(staff=Count("doctors", distinct=True))
    return min(counted, key=lambda one: (abs(one.staff - doctors), one.order, one.pk))


def offered() -> QuerySet[Service]:
    return Service.objects.filter(active=True, on_site=True).select_related("specialty")


def free_ahead(*, days: int) -> QuerySet[Slot]:
    tomorrow, now = day_start(timezone.localdate() + timedelta(days=1)), timezone.now()
    return Slot.objects.free(now).filter(starts_at__gte=tomorrow, starts_at__lt=tomorrow + timedelta(days=days))


def grid_specialty() -> Specialty:
    """Makes ten doctors side by side, of a specialty of the bench's own that the site does not show."""
    made, new = Specialty.objects.get_or_create(slug="bench-grid", defaults={"name": "Замер", "doctor_title": "замер"})
    if new:
        busiest = specialty_of(NEAREST_DOCTORS)
        made.doctors.set(busiest.doctors.filter(active=True).order_by("pk")[:GRID_DOCTORS])
    return made


def grid_day(specialty: Specialty) -> date:
    """Returns the day of this month on which most of the specialty's doctors work."""
    today = timezone.localdate()
    from_tomorrow = (today + timedelta(days=1), today + timedelta(days=30))  # a day that is running changes by itself
    shifts = Shift.objects.filter(date__range=from_tomorrow, doctor__specialties=specialty)
    days = shifts.order_by().values("date").annotate(doctors=Count("doctor", distinct=True))
    return days.order_by("-doctors", "date")[0]["date"]


def adult() -> Patient:
    """Returns a patient old enough to act for themselves and young enough for every doctor."""
    today = timezone.localdate()
    born = (today - timedelta(days=45 * 365), today - timedelta(days=25 * 365))
    return Patient.objects.filter(birth_date__range=born).exclude(phone="").order_by("pk")[0]

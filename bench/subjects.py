"""What is asked about: a doctor whose diary is full enough, his day, a specialty, a patient."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from booking_site import catalogue
from clinic.embedded.speech import Refusal
from patients.models import Patient
from scheduling.models import Doctor, Service, Shift, Specialty
from scheduling.queries import availability
from scheduling.queries.availability import TimeWishes

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
    """Of the specialty with about so many doctors, the one with the most free days ahead."""
    specialty = specialty_of(doctors)
    service = catalogue.services().filter(specialty=specialty).order_by("order").first()
    month = TimeWishes(date_until=timezone.localdate() + timedelta(days=30))
    free = availability.free_starts(service=service, wishes=month).order_by()
    busiest = free.values("doctor").annotate(times=Count("pk")).order_by("-times", "doctor").first()
    if busiest is None:
        raise Refusal(f"В базе нет свободных времён: {specialty.name}. Заполните её заново: --fresh")
    doctor = Doctor.objects.select_related("user").get(pk=busiest["doctor"])
    return Subject(specialty, service, doctor, first_free_day(doctor, service))


def specialty_of(doctors: int) -> Specialty:
    """The specialty whose number of doctors is nearest to this."""
    offered = catalogue.specialties().annotate(staff=Count("doctors", distinct=True))
    return min(offered, key=lambda one: (abs(one.staff - doctors), one.order, one.pk))


def first_free_day(doctor: Doctor, service: Service) -> date:
    """From tomorrow on, so that the part of today that is gone makes no difference."""
    wishes = TimeWishes(doctor_ids=[doctor.pk], date_from=timezone.localdate() + timedelta(days=1))
    first = availability.nearest(service=service, wishes=wishes, limit=1)
    if not first:
        raise Refusal(f"У врача нет свободных времён: {doctor}. Заполните базу заново: --fresh")
    return timezone.localtime(first[0].starts_at).date()


def grid_day(specialty: Specialty) -> date:
    """The day of this month on which most of the specialty's doctors work."""
    today = timezone.localdate()
    shifts = Shift.objects.filter(date__range=(today, today + timedelta(days=30)), doctor__specialties=specialty)
    days = shifts.order_by().values("date").annotate(doctors=Count("doctor", distinct=True))
    return days.order_by("-doctors", "date")[0]["date"]


def adult() -> Patient:
    """Somebody old enough to act for himself and young enough for every doctor."""
    today = timezone.localdate()
    born = (today - timedelta(days=45 * 365), today - timedelta(days=25 * 365))
    return Patient.objects.filter(birth_date__range=born).exclude(phone="").order_by("pk")[0]

"""Reads of the pages on which the schedule is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import holidays
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from foundation.clock import day_bounds
from foundation.database import clock
from scheduling.choices import AbsenceKind, AppointmentStatus
from scheduling.models import Absence, Appointment, Doctor, Room, Shift, ShiftRule

MONDAY = date(2024, 1, 1)
PLACE = ("doctor__room__location", "room__location", "location")
"""The rows that tell the zone of an absence."""


@dataclass(frozen=True, slots=True)
class DoctorHours:
    """A doctor with the rules in force or to come, today's absence and the last published day."""

    doctor: Doctor
    rules: list[ShiftRule]
    away: list[Absence]
    published_until: date | None


def doctors(today: date) -> list[DoctorHours]:
    """Returns all active doctors with their hours."""
    in_term = ShiftRule.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today)).order_by("weekday", "starts")
    starts, ends = day_bounds(today)
    away = Absence.objects.filter(starts_at__lt=ends, ends_at__gt=starts).exclude(kind=AbsenceKind.BY_HAND)
    found = (
        Doctor.objects.filter(active=True)
        .select_related("room__location")
        .annotate(last_published=Max("shifts__date"))
        .prefetch_related("specialties", Prefetch("shift_rules", in_term), Prefetch("absences", away))
        .order_by("search_name", "pk")
    )
    return [
        DoctorHours(
            doctor=doctor,
            rules=list(doctor.shift_rules.all()),
            away=list(doctor.absences.all()),
            published_until=doctor.last_published,
        )
        for doctor in found
    ]


def hours_in_words(rules: Iterable[ShiftRule]) -> list[str]:
    """Returns «пн, ср, пт 09:00–15:00», «пн–пт 10:00–16:30»: weekdays with the same hours share a line."""
    days: dict[str, list[int]] = {}
    for rule in rules:
        days.setdefault(f"{rule.starts:%H:%M}–{rule.ends:%H:%M}", []).append(rule.weekday)
    return [f"{_weekdays(sorted(set(at)))} {hours}" for hours, at in days.items()]


def _weekdays(days: list[int]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{short_weekday(days[0])}–{short_weekday(days[-1])}"
    return ", ".join(short_weekday(day) for day in days)


def short_weekday(iso: int) -> str:
    return format_date(MONDAY + timedelta(days=iso - 1), "D").lower()


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """A published shift with how many of its times are free, booked and closed."""

    shift: Shift
    free: int
    booked: int
    closed: int


def shifts_between(doctor: UUID, first_day: date, last_day: date) -> list[ShiftTimes]:
    now = clock.now()
    slot_free = Q(slots__appointment=None, slots__absence=None) & (
        Q(slots__hold_token=None) | Q(slots__held_until__lte=now)
    )
    found = (
        Shift.objects.filter(doctor=doctor, date__gte=first_day, date__lte=last_day)
        .select_related("room__location")
        .annotate(
            free=Count("slots", filter=slot_free),
            booked=Count("slots", filter=Q(slots__appointment__isnull=False)),
            closed=Count("slots", filter=Q(slots__absence__isnull=False, slots__appointment=None)),
        )
        .order_by("starts_at")
    )
    return [ShiftTimes(shift, shift.free, shift.booked, shift.closed) for shift in found]


def absences_of(doctor: Doctor, since: datetime, until: datetime | None = None) -> list[Absence]:
    """Returns the absences that touch these hours: the doctor's own, and those of the rooms and places of the rules."""
    rooms = Room.objects.filter(Q(shiftrule__doctor=doctor) | Q(doctor=doctor))
    whose = Q(doctor=doctor) | Q(room__in=rooms) | Q(location__in=rooms.values("location"))
    everybody = Q(doctor=None, room=None, location=None)
    there = Absence.objects.filter(whose | everybody, ends_at__gt=since).exclude(kind=AbsenceKind.BY_HAND)
    there = there.filter(starts_at__lt=until) if until else there
    return list(there.select_related(*PLACE).distinct())


def closures(now: datetime) -> list[Absence]:
    """Returns the absences of the clinic, its locations and rooms that are not over, in order of time."""
    ahead = Absence.objects.filter(doctor=None, ends_at__gt=now).exclude(kind=AbsenceKind.BY_HAND)
    return list(ahead.select_related(*PLACE))


def holidays_between(first_day: date, last_day: date) -> list[tuple[date, str]]:
    """Returns public holidays and working Saturdays, which only warn: a private clinic may work then (domain §8)."""
    calendar = holidays.country_holidays("RU", years=range(first_day.year, last_day.year + 1), language="ru")
    found = {day: name for day, name in calendar.items() if first_day <= day <= last_day}
    for day in calendar.weekend_workdays:
        if first_day <= day <= last_day:
            found[day] = _("a working day moved from the holidays")
    return sorted(found.items())


@dataclass(frozen=True, slots=True)
class DoctorAtWork:
    """A doctor whose shift runs now, and whether a patient is in the room with them."""

    doctor: Doctor
    shifts: list[Shift]
    busy: bool


def at_work_now() -> list[DoctorAtWork]:
    """Returns the doctors whose shift runs now, the free ones first."""
    now, today = clock.now(), timezone.localdate()
    days = [today - timedelta(days=1), today]  # a shift may run past midnight
    shifts = Shift.objects.filter(date__in=days, starts_at__lte=now, ends_at__gt=now).select_related("room__location")
    seen = Appointment.objects.filter(doctor=OuterRef("pk"), status=AppointmentStatus.CHECKED_IN)
    found = (
        Doctor.objects.filter(active=True, shifts__in=shifts)
        .annotate(busy=Exists(seen))
        .prefetch_related("specialties", Prefetch("shifts", shifts))
        .distinct()
        .order_by("busy", "search_name")
    )
    return [DoctorAtWork(doctor, list(doctor.shifts.all()), doctor.busy) for doctor in found]

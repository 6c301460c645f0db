"""Reads of the pages where the schedule is kept."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import holidays
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from scheduling.choices import UPCOMING, AppointmentStatus
from scheduling.models import Appointment, Doctor, ScheduleException, Shift, ShiftRule
from scheduling.queries.day import day_bounds

MONDAY = date(2024, 1, 1)


def doctors(today: date) -> QuerySet[Doctor]:
    """Everybody active with the rules in force or to come, today's absence and the last published day."""
    in_term = ShiftRule.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today)).order_by("weekday", "starts")
    away = ScheduleException.objects.filter(first_day__lte=today, last_day__gte=today)
    return (
        Doctor.objects.filter(active=True)
        .select_related("room")
        .annotate(published_until=Max("shifts__date"))
        .prefetch_related(
            "specialties",
            Prefetch("shift_rules", in_term, to_attr="current_rules"),
            Prefetch("exceptions", away, to_attr="away_now"),
        )
        .order_by("last_name", "first_name", "pk")
    )


def hours_in_words(rules: Iterable[ShiftRule]) -> list[str]:
    """«пн, ср, пт 09:00–15:00», «пн–пт 10:00–16:30»: weekdays with the same hours share a line."""
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


def shifts_between(doctor: UUID, first_day: date, last_day: date) -> QuerySet[Shift]:
    """Published shifts with how many times are free, booked and closed."""
    now = timezone.now()
    slot_free = Q(slots__appointment=None, slots__blocked=False) & (
        Q(slots__hold_token=None) | Q(slots__held_until__lte=now)
    )
    return (
        Shift.objects.filter(doctor=doctor, date__gte=first_day, date__lte=last_day)
        .select_related("room")
        .annotate(
            total=Count("slots"),
            free=Count("slots", filter=slot_free),
            booked=Count("slots", filter=Q(slots__appointment__isnull=False)),
            closed=Count("slots", filter=Q(slots__blocked=True)),
        )
        .order_by("starts_at")
    )


def visits_between(doctor: UUID, first_day: date, last_day: date) -> QuerySet[Appointment]:
    """Booked visits of these days: those that an absence would leave without a doctor."""
    starts, ends = day_bounds(first_day)[0], day_bounds(last_day)[1]
    return (
        Appointment.objects.filter(
            doctor=doctor, status__in=UPCOMING, starts_at__gte=max(starts, timezone.now()), starts_at__lt=ends
        )
        .select_related("patient", "service", "room")
        .order_by("starts_at")
    )


def holidays_between(first_day: date, last_day: date) -> list[tuple[date, str]]:
    """Public holidays and working Saturdays. They only warn: a private clinic may work on any of them (domain §8)."""
    calendar = holidays.country_holidays("RU", years=range(first_day.year, last_day.year + 1), language="ru")
    found = {day: name for day, name in calendar.items() if first_day <= day <= last_day}
    for day in calendar.weekend_workdays:
        if first_day <= day <= last_day:
            found[day] = _("a working day moved from the holidays")
    return sorted(found.items())


def at_work_now() -> QuerySet[Doctor]:
    """Doctors whose shift runs now, with whether somebody is in the room with them."""
    now, today = timezone.now(), timezone.localdate()
    days = [today - timedelta(days=1), today]  # a shift may run past midnight
    shifts = Shift.objects.filter(date__in=days, starts_at__lte=now, ends_at__gt=now).select_related("room")
    seen = Appointment.objects.filter(doctor=OuterRef("pk"), status=AppointmentStatus.CHECKED_IN)
    return (
        Doctor.objects.filter(active=True, shifts__in=shifts)
        .annotate(busy=Exists(seen))
        .prefetch_related("specialties", Prefetch("shifts", shifts, to_attr="shifts_now"))
        .distinct()
        .order_by("busy", "last_name", "first_name")
    )

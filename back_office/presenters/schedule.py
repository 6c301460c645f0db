"""These presenters hold what the pages show where the schedule is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from back_office.forms.schedule import TermForm
from back_office.presenters.absences import ShownAbsence
from foundation.clock import day_bounds, day_start
from scheduling.errors import ShiftConflict
from scheduling.models import Doctor, Shift, ShiftRule
from scheduling.queries import planning
from scheduling.queries import schedule as reads
from scheduling.queries.planning import PlannedShift
from scheduling.queries.schedule import DoctorHours, ShiftTimes

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Away:
    kind: str
    until: date


@dataclass(frozen=True, slots=True)
class DoctorRow:
    pk: UUID
    full_name: str
    titles: str
    room: str
    hours: list[str]
    published_until: date | None
    overdue: bool
    """The last published day has passed."""
    away: list[Away]

    @classmethod
    def of(cls, hours: DoctorHours, today: date) -> "DoctorRow":
        doctor = hours.doctor
        return cls(
            pk=doctor.pk,
            full_name=doctor.full_name,
            titles=", ".join(specialty.doctor_title for specialty in doctor.specialties.all()),
            room=doctor.room.name if doctor.room else "",
            hours=reads.hours_in_words(hours.rules),
            published_until=hours.published_until,
            overdue=hours.published_until is not None and hours.published_until < today,
            away=[Away(absence.kind, absence.last_day) for absence in map(ShownAbsence.of, hours.away)],
        )


@dataclass(frozen=True, slots=True)
class DoctorsPage:
    rows: list[DoctorRow]


@dataclass(frozen=True, slots=True)
class WeekDay:
    date: date
    past: bool
    shifts: list[ShiftTimes]


@dataclass(frozen=True, slots=True)
class Term:
    """The span is published in one click."""

    label: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class WeekPage:
    doctor: Doctor
    today: date
    rules: Iterable[ShiftRule]
    absences: list[ShownAbsence]
    week: list[WeekDay]
    earlier: date
    later: date
    term_form: TermForm
    terms: list[Term]

    @classmethod
    def of(cls, doctor: Doctor, day: date, today: date) -> "WeekPage":
        monday = monday_of(day)
        return cls(
            doctor=doctor,
            today=today,
            rules=doctor.shift_rules.select_related("room").order_by("weekday", "starts", "valid_from"),
            absences=_absences(doctor, day_start(today)),
            week=_week(doctor, monday, today),
            earlier=monday - WEEK,
            later=monday + WEEK,
            term_form=TermForm(initial=next_week(today)),
            terms=_terms(today),
        )


@dataclass(frozen=True, slots=True)
class PlannedRow:
    date: date
    starts_at: datetime
    ends_at: datetime
    room: str
    slot_count: int
    published: bool
    clash: Shift | None
    holiday: str


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str
    works: bool
    """Shifts are planned on it all the same."""


@dataclass(frozen=True, slots=True)
class WrongTermPage:
    doctor: Doctor
    term_form: TermForm


@dataclass(frozen=True, slots=True)
class PublishPage:
    doctor: Doctor
    term_form: TermForm
    first_day: date
    last_day: date
    planned: list[PlannedRow]
    clashes: list[PlannedRow]
    fresh: list[PlannedRow]
    slot_count: int
    published_count: int
    holidays: list[Holiday]
    absences: list[ShownAbsence]
    error: str
    conflicts: Sequence[str]

    @classmethod
    def of(cls, doctor: Doctor, form: TermForm, conflict: ShiftConflict | None = None) -> "PublishPage":
        """Makes the preview of the days in a valid `form`."""
        first_day, last_day = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        calendar = dict(reads.holidays_between(first_day, last_day))
        plans = planning.preview(doctor=doctor, first_day=first_day, last_day=last_day)
        planned = [_planned(plan, calendar.get(plan.date, "")) for plan in plans]
        fresh = [row for row in planned if not row.clash and not row.published]
        days = {row.date for row in planned}
        return cls(
            doctor=doctor,
            term_form=form,
            first_day=first_day,
            last_day=last_day,
            planned=planned,
            clashes=[row for row in planned if row.clash],
            fresh=fresh,
            slot_count=sum(row.slot_count for row in fresh),
            published_count=sum(row.published for row in planned),
            holidays=[Holiday(day, name, day in days) for day, name in calendar.items()],
            absences=_absences(doctor, *day_bounds(first_day, last_day)),
            error=str(conflict or ""),
            conflicts=conflict.conflicts if conflict else (),
        )


def _absences(doctor: Doctor, since: datetime, until: datetime | None = None) -> list[ShownAbsence]:
    return [ShownAbsence.of(absence) for absence in reads.absences_of(doctor, since, until)]


def _planned(plan: PlannedShift, holiday: str) -> PlannedRow:
    return PlannedRow(
        date=plan.date,
        starts_at=plan.local_start,
        ends_at=plan.local_end,
        room=plan.rule.room.name,
        slot_count=plan.slot_count,
        published=plan.published,
        clash=plan.clash,
        holiday=holiday,
    )


def _week(doctor: Doctor, monday: date, today: date) -> list[WeekDay]:
    published = reads.shifts_between(doctor.pk, monday, monday + WEEK - DAY)
    days = [monday + DAY * number for number in range(7)]
    return [WeekDay(day, day < today, [each for each in published if each.shift.date == day]) for day in days]


def _terms(today: date) -> list[Term]:
    monday = next_week(today)["first_day"]
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    month_after = (next_month + timedelta(days=32)).replace(day=1)
    return [
        Term(_("next week"), monday, monday + WEEK - DAY),
        Term(_("two weeks"), monday, monday + WEEK * 2 - DAY),
        Term(_("until the end of the month"), today, next_month - DAY),
        Term(_("the next month"), next_month, month_after - DAY),
    ]


def next_week(today: date) -> dict[str, date]:
    """Returns the days that are published unless others are chosen."""
    monday = monday_of(today) + WEEK
    return {"first_day": monday, "last_day": monday + WEEK - DAY}


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())

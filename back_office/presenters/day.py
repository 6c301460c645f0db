from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from back_office.forms.day import DayForm
from back_office.presenters import grid
from back_office.presenters.grid import Grid
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.database import clock
from patients.ages import age_on
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.queries.day import doctor_days, free_by_day, with_facts
from worklist import queries as worklist
from worklist.choices import TaskKind

KEPT = ("specialty", "doctor", "move", "patient")
WEEK, STRIP, MONTH = timedelta(days=7), 14, timedelta(days=28)


@dataclass(frozen=True, slots=True)
class StripDay:
    """One of the days to jump to, with how many times are free."""

    day: date
    free: int
    shown: bool
    today: bool


@dataclass(frozen=True, slots=True)
class DayPage:
    grid: Grid
    version: str
    """Of what is drawn: the same for the same picture."""
    day: date
    today: date
    before: date
    after: date
    jumps: dict[str, date]
    """The day a week and a month, in which weekdays stay, before and after this one."""
    strip: list[StripDay]
    """Two weeks from the Monday of the day that is shown; empty for a refresh."""
    again: dict[str, str]
    """What narrows the grid, as the address says it."""
    moving: Appointment | None
    """The visit for which a new time is looked for."""
    patient: Patient | None
    """Whoever a time is looked for."""
    age: int | None
    """Theirs on the day that is shown."""
    office: str
    """Addresses of the cells begin with it."""
    form: DayForm

    @classmethod
    def of(cls, form: DayForm, asked: QueryDict, by: Actor, *, patient: Patient | None, whole: bool) -> "DayPage":
        """Reads the day; what stands above the grid is read for the `whole` page alone."""
        day = form.day
        moving = with_facts(form.moving) if form.moving else None
        patient = moving.patient if moving else patient
        columns = doctor_days(
            day,
            filled=grid.COLUMNS,
            specialty=form.specialty_id,
            doctors=form.doctor_ids,
            refused=worklist.open_without_cause(TaskKind.REBOOK),
        )
        drawn = grid.build(
            columns,
            now=clock.now(),
            books=by.may(Permission.BOOK),
            owner=by.ref,
            moving=form.moving,
            for_patient=patient,
        )
        return cls(
            grid=drawn,
            version=drawn.version(day),
            day=day,
            today=timezone.localdate(),
            before=day - timedelta(days=1),
            after=day + timedelta(days=1),
            jumps={
                "month_before": day - MONTH,
                "week_before": day - WEEK,
                "week_after": day + WEEK,
                "month_after": day + MONTH,
            },
            strip=_strip(form) if whole else [],
            again={name: str(asked[name]) for name in KEPT if asked.get(name)},
            moving=moving,
            patient=patient,
            age=age_on(patient.birth_date, day) if patient else None,
            office=reverse("office:home"),
            form=form.as_shown(),
        )


def _strip(form: DayForm) -> list[StripDay]:
    today, monday = timezone.localdate(), form.day - timedelta(days=form.day.weekday())
    days = [monday + timedelta(days=number) for number in range(STRIP)]
    free = free_by_day(days[0], days[-1], specialty=form.specialty_id, doctors=form.doctor_ids)
    return [StripDay(day, free.get(day, 0), shown=day == form.day, today=day == today) for day in days]

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from back_office.forms.day import DayForm
from back_office.presenters import grid
from back_office.presenters.grid import Grid
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.database import clock
from scheduling.queries.day import doctor_days
from worklist import queries as worklist
from worklist.choices import TaskKind

KEPT = ("specialty", "doctor", "move", "patient")


@dataclass(frozen=True, slots=True)
class DayPage:
    grid: Grid
    version: str
    """Of what is drawn: the same for the same picture."""
    day: date
    today: date
    before: date
    after: date
    again: dict[str, str]
    """What narrows the grid, as the address says it."""
    moving: UUID | None
    office: str
    """Addresses of the cells begin with it."""
    form: DayForm

    @classmethod
    def of(cls, form: DayForm, asked: QueryDict, by: Actor) -> "DayPage":
        day = form.day
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
            for_patient=form.for_patient,
        )
        return cls(
            grid=drawn,
            version=drawn.version(day),
            day=day,
            today=timezone.localdate(),
            before=day - timedelta(days=1),
            after=day + timedelta(days=1),
            again={name: str(asked[name]) for name in KEPT if asked.get(name)},
            moving=form.moving,
            office=reverse("office:home"),
            form=form.as_shown(),
        )

"""These presenters hold absences in words, and what their pages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.forms.absences import AbsenceForm
from foundation.clock import on_wall
from scheduling.models import Absence, Appointment
from scheduling.models.absence import Whose
from scheduling.queries import schedule as reads
from scheduling.queries.schedule import PLACE
from worklist.queries import Progress


@dataclass(frozen=True, slots=True)
class ShownAbsence:
    """An absence with its hours as the clocks of its place show them."""

    pk: UUID
    whose: str
    """«Белова А. С.», «Лунная, каб. 3», «Вся клиника»."""
    kind: str
    span: str
    """«23.11.2026–29.11.2026», or with hours where it takes a part of a day."""
    last_day: date
    note: str

    @classmethod
    def of(cls, absence: Absence) -> "ShownAbsence":
        zone = absence.whose.zone
        starts, ends = on_wall(absence.starts_at, zone), on_wall(absence.ends_at, zone)
        last_day = (ends - timedelta(microseconds=1)).date()
        kind = absence.get_kind_display()
        return cls(absence.pk, str(absence.whose), kind, _span(starts, ends, last_day), last_day, absence.note)


def _span(starts: datetime, ends: datetime, last_day: date) -> str:
    if starts.time() == ends.time() == time.min:
        return f"{starts:%d.%m.%Y}–{last_day:%d.%m.%Y}" if starts.date() != last_day else f"{starts:%d.%m.%Y}"
    if starts.date() == ends.date():
        return f"{starts:%d.%m.%Y %H:%M}–{ends:%H:%M}"
    return f"{starts:%d.%m.%Y %H:%M} – {ends:%d.%m.%Y %H:%M}"


def absences_by_key(causes: Iterable[UUID | None]) -> dict[UUID | None, Absence]:
    """Returns the absences that strand visits, by their keys."""
    found = Absence.objects.filter(pk__in=list(causes)).select_related(*PLACE)
    return {absence.pk: absence for absence in found}


def title_of(absence: Absence) -> str:
    """Returns «Белова А. С.: больничный, 23.11.2026–29.11.2026»."""
    shown = ShownAbsence.of(absence)
    return f"{shown.whose}: {shown.kind}, {shown.span}"


def reason_of(absence: Absence) -> str:
    """Returns the words for the patient: nobody is told that the doctor is ill."""
    if absence.room:
        return _("the room is closed at this time")
    if not absence.doctor:
        return _("the clinic is closed at this time")
    return _("the doctor will not be there at this time")


@dataclass(frozen=True, slots=True)
class Back:
    """The way back from an absence leads to the doctor's schedule, or to the closures."""

    url: str
    title: str

    @classmethod
    def of(cls, whose: Whose) -> "Back":
        if doctor := whose.doctor:
            return cls(reverse("office:doctor_schedule", args=[doctor.pk]), doctor.full_name)
        return cls(reverse("office:closures"), _("Closures"))


@dataclass(frozen=True, slots=True)
class AbsencePage:
    absence: ShownAbsence
    of_doctor: bool
    back: Back
    visits: list[Appointment]
    progress: Progress | None
    """The visits whose patients have another time, of all; None when it strands nobody."""
    names: bool
    """Whose visits they are is shown."""

    @classmethod
    def of(cls, row: Absence, visits: list[Appointment], progress: Progress | None, *, names: bool) -> "AbsencePage":
        return cls(ShownAbsence.of(row), row.doctor is not None, Back.of(row.whose), visits, progress, names)


@dataclass(frozen=True, slots=True)
class NewAbsencePage:
    """`visits` are those that fall into the days, shown before anything is written."""

    of_doctor: bool
    back: Back
    form: AbsenceForm
    visits: list[Appointment]
    names: bool
    """Whose visits they are is shown."""

    @classmethod
    def of(cls, form: AbsenceForm, visits: list[Appointment], whose: Whose, *, names: bool) -> "NewAbsencePage":
        return cls(whose.doctor is not None, Back.of(whose), form, visits, names)


@dataclass(frozen=True, slots=True)
class ClosuresPage:
    """The page lists what is closed now and ahead: the clinic, locations and rooms."""

    closures: list[ShownAbsence]

    @classmethod
    def of(cls) -> "ClosuresPage":
        return cls([ShownAbsence.of(absence) for absence in reads.closures(timezone.now())])

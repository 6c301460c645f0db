"""These presenters hold absences in words, and what their pages show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.forms.schedule import AbsenceForm
from scheduling.models import Absence, Appointment, Doctor
from worklist.queries import Progress


@dataclass(frozen=True, slots=True)
class ShownAbsence:
    """An absence in the clinic's wall time."""

    pk: UUID
    kind: str
    span: str
    """«23.11.2026–29.11.2026», or with hours where it takes a part of a day."""
    last_day: date
    note: str

    @classmethod
    def of(cls, absence: Absence) -> "ShownAbsence":
        starts, ends = timezone.localtime(absence.starts_at), timezone.localtime(absence.ends_at)
        last_day = (ends - timedelta(microseconds=1)).date()
        return cls(absence.pk, absence.get_kind_display(), _span(starts, ends, last_day), last_day, absence.note)


def _span(starts: datetime, ends: datetime, last_day: date) -> str:
    if starts.time() == ends.time() == time.min:
        return f"{starts:%d.%m.%Y}–{last_day:%d.%m.%Y}" if starts.date() != last_day else f"{starts:%d.%m.%Y}"
    if starts.date() == ends.date():
        return f"{starts:%d.%m.%Y %H:%M}–{ends:%H:%M}"
    return f"{starts:%d.%m.%Y %H:%M} – {ends:%d.%m.%Y %H:%M}"


def absences_of(causes: Iterable[UUID | None]) -> dict[UUID | None, Absence]:
    """Returns the absences that strand visits, by their keys."""
    found = Absence.objects.filter(pk__in=list(causes)).select_related("doctor", "room", "location")
    return {absence.pk: absence for absence in found}


def title_of(absence: Absence) -> str:
    """Returns «Белова А. С.: больничный, 23.11.2026–29.11.2026»."""
    shown = ShownAbsence.of(absence)
    return f"{_whose(absence)}: {shown.kind}, {shown.span}"


def _whose(absence: Absence) -> str:
    if absence.doctor:
        return absence.doctor.short_name
    return str(absence.room or absence.location or _("The whole clinic"))


def reason_of(absence: Absence) -> str:
    """Returns the words for the patient: nobody is told that the doctor is ill."""
    if absence.room:
        return _("the room is closed at this time")
    if not absence.doctor:
        return _("the clinic is closed at this time")
    return _("the doctor will not be there at this time")


@dataclass(frozen=True, slots=True)
class AbsencePage:
    absence: ShownAbsence
    doctor: Doctor
    visits: list[Appointment]
    progress: Progress | None
    """The visits whose patients have another time, of all; None when it strands nobody."""


@dataclass(frozen=True, slots=True)
class NewAbsencePage:
    """`visits` are those that fall into the days, shown before anything is written."""

    doctor: Doctor
    form: AbsenceForm
    visits: list[Appointment]

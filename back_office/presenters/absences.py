from dataclasses import dataclass

from back_office.forms.schedule import AbsenceForm
from scheduling.models import Appointment, Doctor, ScheduleException


@dataclass(frozen=True, slots=True)
class AbsencePage:
    absence: ScheduleException
    doctor: Doctor
    visits: list[Appointment]


@dataclass(frozen=True, slots=True)
class NewAbsencePage:
    """`visits` are those that fall into the days, shown before anything is written."""

    doctor: Doctor
    form: AbsenceForm
    visits: list[Appointment]

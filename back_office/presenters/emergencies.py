from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page as PageOfRows

from back_office.forms.emergencies import CaseForm, EmergencyDayForm
from patients.models import Patient
from scheduling.models import EmergencyCase, EmergencyEvent
from scheduling.queries import emergencies
from scheduling.queries.schedule import DoctorAtWork, at_work_now


@dataclass(frozen=True, slots=True)
class CasesPage:
    open_cases: Iterable[EmergencyCase]
    page_obj: PageOfRows[EmergencyCase]
    """The closed ones."""
    at_work: list[DoctorAtWork]


@dataclass(frozen=True, slots=True)
class CasePage:
    case: EmergencyCase
    form: CaseForm
    at_work: list[DoctorAtWork]
    events: list[EmergencyEvent]
    back: str
    """The page that the emergency has interrupted; empty when none is known."""
    mine: bool
    """This person has opened it, and another press of theirs may be for another patient."""
    error: str = ""
    reason: str = ""
    """The reason for which it is said to be a mistake, as it was typed."""

    @classmethod
    def of(
        cls, case: EmergencyCase, form: CaseForm, *, by: str, back: str, error: str = "", reason: str = ""
    ) -> "CasePage":
        return cls(case, form, at_work_now(), list(case.events.all()), back, case.opened_by == by, error, reason)


@dataclass(frozen=True, slots=True)
class CasePatientPage:
    case: EmergencyCase
    patient: Patient


@dataclass(frozen=True, slots=True)
class EmergencyDayPage:
    """The cases of a day, to be printed when the shift is over."""

    cases: list[EmergencyCase]
    day: date
    before: date
    after: date
    form: EmergencyDayForm

    @classmethod
    def of(cls, form: EmergencyDayForm) -> "EmergencyDayPage":
        day, one = form.day, timedelta(days=1)
        return cls(list(emergencies.of_day(day)), day, day - one, day + one, form.as_shown())

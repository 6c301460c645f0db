from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page as PageOfRows

from back_office.forms.emergencies import CaseForm
from scheduling.models import EmergencyCase
from scheduling.queries.schedule import DoctorAtWork


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

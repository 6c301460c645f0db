from dataclasses import dataclass

from back_office.forms.booking import OverbookForm
from patients.models import Patient
from scheduling.models import Slot


@dataclass(frozen=True, slots=True)
class OverbookPage:
    slot: Slot
    starts: str
    patient: Patient | None
    form: OverbookForm
    error: str

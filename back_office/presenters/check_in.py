from collections.abc import Sequence
from dataclasses import dataclass

from back_office.forms.check_in import CheckIn
from patients.models import Patient
from scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """The page names the papers that were not seen, and lets somebody sign who may."""

    visit: Appointment
    patient: Patient
    there: Sequence[str]
    """Papers that were seen before, with when and which."""
    check_in: CheckIn
    error: str

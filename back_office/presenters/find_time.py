from dataclasses import dataclass, field

from back_office.forms.wishes import WishesForm
from back_office.presenters.wishes import FreeTime
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class FindTimePage:
    """The page shows the wishes of a patient and, once they are asked for, the nearest times in words."""

    patient: Patient | None
    form: WishesForm
    asked: bool = False
    found: list[FreeTime] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    """What was asked for, to be handed over as it is."""

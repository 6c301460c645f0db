"""These pages of the patient's own link show the visit."""

from dataclasses import dataclass

from django.utils import timezone

from patients.instructions import VisitInstructions
from scheduling.instructions import instructions_of
from scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class VisitPage:
    """The page tells the four facts of the visit (R13), what to bring, and how to change it."""

    visit: Appointment
    token: str
    cancelled: bool
    changeable: bool
    told: VisitInstructions

    @classmethod
    def of(cls, visit: Appointment, token: str) -> "VisitPage":
        return cls(
            visit=visit,
            token=token,
            cancelled=not visit.is_upcoming,
            changeable=visit.can_be_changed(timezone.now()),
            told=instructions_of(visit),
        )


@dataclass(frozen=True, slots=True)
class CancelPage:
    """The page asks once more before the visit is cancelled."""

    visit: Appointment
    token: str


@dataclass(frozen=True, slots=True)
class FixedPage:
    """The page says that the visit can no longer be changed through the link."""

    token: str

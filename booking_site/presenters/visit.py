"""These pages of the patient's own link show the visit."""

from dataclasses import dataclass

from django.utils import timezone

from patients.instructions import VisitInstructions, instructions_for
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
        day = visit.local_start.date()
        return cls(
            visit=visit,
            token=token,
            cancelled=not visit.is_upcoming,
            changeable=visit.can_be_changed(timezone.now()),
            told=instructions_for(day, patient=visit.patient, representation=visit.representation),
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

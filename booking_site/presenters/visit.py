"""These pages of the patient's own link show the visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from patients.acting import comes_as
from patients.demandable import Demandable, to_bring
from scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class VisitPage:
    """The page tells the four facts of the visit (R13), what to bring, and how to change it."""

    visit: Appointment
    token: str
    cancelled: bool
    changeable: bool
    papers: Sequence[Demandable]

    @classmethod
    def of(cls, visit: Appointment, token: str) -> "VisitPage":
        day = visit.local_start.date()
        applicant = comes_as(day, patient=visit.patient, representation=visit.representation)
        return cls(
            visit=visit,
            token=token,
            cancelled=not visit.is_upcoming,
            changeable=visit.can_be_changed(timezone.now()),
            papers=to_bring(applicant),
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

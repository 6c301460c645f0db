"""These pages of the patient's own link show the visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from patients.choices import Applicant, Relation
from patients.demandable import Demandable, applicant_for, to_bring
from patients.errors import PatientError
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
        return cls(
            visit=visit,
            token=token,
            cancelled=not visit.is_upcoming,
            changeable=visit.can_be_changed(timezone.now()),
            papers=to_bring(_applicant(visit)),
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


def _applicant(visit: Appointment) -> Applicant:
    """Returns the case of the document matrix (R3–R7) on the day of the visit."""
    relation = Relation(visit.representation.relation) if visit.representation else None
    try:
        return applicant_for(birth_date=visit.patient.birth_date, day=visit.local_start.date(), relation=relation)
    except PatientError:
        return Applicant.LEGAL_REPRESENTATIVE

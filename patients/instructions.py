"""Tells whoever comes to a visit about its day: the papers to bring (R16), and who consents for a minor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from patients.acting import comes_as
from patients.ages import age_on, is_minor
from patients.demandable import Demandable, to_bring
from patients.models import Patient, Representation


@dataclass(frozen=True, slots=True)
class VisitInstructions:
    bring: Sequence[Demandable]
    minor: str
    """Who comes with a minor of 14 or more and whose consent is needed; empty for everybody else."""

    @property
    def papers(self) -> str:
        """The papers to bring, as a list to be read out."""
        labels = [str(document.label) for document in self.bring]
        return "; ".join(label[:1].lower() + label[1:] for label in labels)


def instructions_for(day: date, *, patient: Patient, representation: Representation | None) -> VisitInstructions:
    """Returns what this very applicant is told about a visit on that day."""
    applicant = comes_as(day, patient=patient, representation=representation)
    return VisitInstructions(to_bring(applicant), told_of_minor(patient.birth_date, day))


def told_of_minor(birth_date: date, day: date) -> str:
    """Returns the sentence for a minor of this age on the day of the visit, if there is one (`TOLD_OF_MINORS`)."""
    if not is_minor(birth_date, day):
        return ""
    reached = [since for since in settings.TOLD_OF_MINORS if since <= age_on(birth_date, day)]
    return str(settings.TOLD_OF_MINORS[max(reached)]) if reached else ""

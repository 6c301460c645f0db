from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError

if TYPE_CHECKING:
    from patients.models import Patient


class PatientError(DomainError):
    """An error in a person's data that a registrar can correct; `message` says how."""

    code = "patient_error"
    message = _("Check the data of the patient.")


class SamePersonExists(PatientError):
    """The register knows somebody who may be this person (R9: no doubles); `patients` are they, the surest first."""

    code = "same_person_exists"
    message = _("The register may already have this patient. Look at the records below.")

    def __init__(self, patients: "list[Patient]") -> None:
        self.patients = patients


class MergeNotPossible(PatientError):
    """Two records cannot become one, or are not one any more."""

    code = "merge_not_possible"
    message = _("These records cannot be merged. Open both of them anew.")


class MergedMeanwhile(PatientError):
    """The record became part of another one while its form was open."""

    code = "merged_meanwhile"
    message = _("This record has been merged with another one meanwhile. Open it anew.")


class RecordsChanged(MergeNotPossible):
    """Somebody has corrected one of the two records since they were shown; `columns` are those, with their record."""

    code = "records_changed"
    message = _("One of the records has been corrected meanwhile. Look at both once more and choose what stays.")

    def __init__(self, columns: Collection[str] = ()) -> None:
        self.columns = frozenset(columns)


class MergeTooOld(MergeNotPossible):
    """A merge is taken back within its term only."""

    code = "merge_too_old"
    message = _("The records were merged too long ago to be parted. Correct the record by hand.")


class MergeHasConflicts(MergeNotPossible):
    """Both records have a visit at one time, or wait for one specialty."""

    code = "merge_has_conflicts"
    message = _("Both records have a visit at one time or wait for the same doctor. End one of the two first.")


class DocumentsMissing(PatientError):
    """The desk has not seen what the rules let it ask for (R3–R6); `missing` names the documents."""

    code = "documents_missing"
    message = _("Tick the documents you have seen.")

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing


class PapersNotShown(PatientError):
    """Papers of the matrix were never seen or are not in force today; `missing` names them."""

    code = "papers_not_shown"
    message = _(
        "Not all the papers of this visit have been seen, or they are not in force today. The desk asks for them; "
        "without them the head of the clinic may let the patient in."
    )

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing


class DocumentNotDemandable(PatientError):
    """The list of documents is closed, and this one is not on it (R7)."""

    code = "document_not_demandable"
    message = _("This document may not be demanded here.")


class RepresentativeNeeded(PatientError):
    code = "representative_needed"
    message = _("A child under 14 is booked by a representative. Say who acts for the child.")


class PowerOfAttorneyInvalid(PatientError):
    code = "power_of_attorney_invalid"
    message = _(
        "The power of attorney is not in force on the day of the visit. Choose a day of its term, or record another."
    )


class TermNotPossible(PatientError):
    """The last day is ahead, or before somebody began to act."""

    code = "term_not_possible"
    message = _("The last day is today or before, and not before the day from which the person acts.")


class NotForAdult(PatientError):
    code = "not_for_adult"
    message = _("The patient is an adult on the day of the visit: a representative is not needed.")

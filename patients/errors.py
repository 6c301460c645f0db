from django.utils.translation import gettext_lazy as _


class PatientError(Exception):
    """Something about a person that a registrar can put right. `message` says how."""

    message = _("Check the data of the patient.")

    def __str__(self) -> str:
        return str(self.message)


class SamePersonExists(PatientError):
    """The register already has this name with this birth date (R9: no doubles)."""

    message = _("The register already has a patient with this name and birth date. Open that record.")

    def __init__(self, patient: object) -> None:
        self.patient = patient


class DocumentsMissing(PatientError):
    """The desk has not seen what the rules let it ask for (R3–R6). `missing` names the documents."""

    message = _("Tick the documents you have seen.")

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing


class DocumentNotDemandable(PatientError):
    """R7: the list of documents is closed."""

    message = _("This document may not be demanded here.")


class RepresentativeNeeded(PatientError):
    message = _("A child under 14 is booked by a representative. Say who acts for the child.")


class PowerOfAttorneyInvalid(PatientError):
    message = _("The power of attorney is not in force on the day of the visit.")


class NotForAdult(PatientError):
    message = _("The patient is an adult on the day of the visit: a representative is not needed.")

"""The documents that the desk may ask for: the closed matrix of domain §3.3 (R3–R7, R14, R16).

The list is computed here, on the server, from the case; no screen, form or refusal may rest on anything else.
"""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from patients.ages import OWN_PASSPORT, age_on, is_minor
from patients.choices import LEGAL_REPRESENTATIVES, Applicant, Channel, Relation
from patients.errors import NotForAdult, RepresentativeNeeded


class Demandable(TextChoices):
    IDENTITY = "identity", _("Passport or a document replacing it")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate of the child")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Notarised power of attorney")

    @property
    def reason(self) -> str:
        """The reason why the document is asked for, in words the registrar may say."""
        return str(REASONS[self])


REASONS = {
    Demandable.IDENTITY: _("the applicant's own; any of the accepted kinds"),
    Demandable.BIRTH_CERTIFICATE: _("because the applicant acts for a minor"),
    Demandable.POWER_OF_ATTORNEY: _("because the applicant is not a legal representative"),
}

_AT_DESK: dict[str, tuple[Demandable, ...]] = {
    Applicant.PATIENT: (Demandable.IDENTITY,),
    Applicant.LEGAL_REPRESENTATIVE: (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE),
    Applicant.OTHER_PERSON: (
        Demandable.IDENTITY,
        Demandable.BIRTH_CERTIFICATE,
        Demandable.POWER_OF_ATTORNEY,
    ),
    Applicant.ADULT_FOR_ADULT: (),
}


def demandable(*, channel: Channel, applicant: Applicant) -> tuple[Demandable, ...]:
    """Returns the documents that may be demanded while booking: none by phone, on the site or from a visit (R16)."""
    return _AT_DESK[applicant] if channel == Channel.REGISTRY else ()


def to_bring(applicant: Applicant) -> tuple[Demandable, ...]:
    """Returns the documents to bring on the day of the visit when none could be shown while booking."""
    return _AT_DESK[applicant] or (Demandable.IDENTITY,)


def applicant_for(*, birth_date: date, day: date, relation: Relation | None, for_other: bool = False) -> Applicant:
    """Returns the matrix case of a person who books for a patient born on `birth_date` to come on `day`.

    Raises RepresentativeNeeded for a child under 14 who acts alone, NotForAdult for a representative of an adult.
    """
    if not is_minor(birth_date, day):
        if relation is not None:
            raise NotForAdult
        return Applicant.ADULT_FOR_ADULT if for_other else Applicant.PATIENT
    if relation is None:
        if age_on(birth_date, day) < OWN_PASSPORT:
            raise RepresentativeNeeded
        return Applicant.PATIENT
    if relation in LEGAL_REPRESENTATIVES:
        return Applicant.LEGAL_REPRESENTATIVE
    return Applicant.OTHER_PERSON

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """The way in which a person turned to the clinic (R2), and the doctor's room for follow-ups (R18)."""

    REGISTRY = "registry", _("Registry")
    PHONE = "phone", _("Phone")
    SITE = "site", _("Site")
    DOCTOR = "doctor", _("From the visit")


class EndReason(TextChoices):
    """The reason why somebody no longer acts for a patient."""

    RIGHTS_ENDED = "rights_ended", _("is no longer the legal representative")
    POWER_REVOKED = "power_revoked", _("the power of attorney is revoked")
    MISTAKE = "mistake", _("was recorded by mistake")
    OTHER = "other", _("another reason")


class ContactWay(TextChoices):
    """The one way in which a person has asked to be reached; without it any will do."""

    CALLS = "calls", _("by phone only")
    WRITING = "writing", _("in writing only")


class Sex(TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class DocumentKind(TextChoices):
    """Kinds of documents the registry knows.

    The tax service's code stands beside each word (domain §2.1), not instead.
    """

    RF_PASSPORT = "rf_passport", _("Passport of a Russian citizen")
    TEMPORARY_ID = "temporary_id", _("Temporary identity card (form 2P)")
    MILITARY_ID = "military_id", _("Military ID")
    MILITARY_TEMPORARY = "military_temporary", _("Temporary certificate instead of a military ID")
    SERVICEMAN_ID = "serviceman_id", _("Serviceman's identity card")
    RESERVE_OFFICER_ID = "reserve_officer_id", _("Military ID of a reserve officer")
    RF_TRAVEL_PASSPORT = "rf_travel_passport", _("Travel passport of a Russian citizen")
    FOREIGN_PASSPORT = "foreign_passport", _("Passport of a foreign citizen")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
    TEMPORARY_RESIDENCE = "temporary_residence", _("Temporary residence permit")
    REFUGEE_APPLICATION = "refugee_application", _("Certificate of a refugee application")
    REFUGEE_ID = "refugee_id", _("Refugee certificate")
    TEMPORARY_ASYLUM = "temporary_asylum", _("Certificate of temporary asylum")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    FOREIGN_BIRTH_CERTIFICATE = "foreign_birth_certificate", _("Birth certificate of a foreign state")

    @property
    def fns_code(self) -> str:
        return FNS_CODES[self]


FNS_CODES = {
    DocumentKind.RF_PASSPORT: "21",
    DocumentKind.TEMPORARY_ID: "14",
    DocumentKind.MILITARY_ID: "07",
    DocumentKind.MILITARY_TEMPORARY: "08",
    DocumentKind.SERVICEMAN_ID: "24",
    DocumentKind.RESERVE_OFFICER_ID: "27",
    DocumentKind.RF_TRAVEL_PASSPORT: "22",
    DocumentKind.FOREIGN_PASSPORT: "10",
    DocumentKind.RESIDENCE_PERMIT: "12",
    DocumentKind.TEMPORARY_RESIDENCE: "15",
    DocumentKind.REFUGEE_APPLICATION: "11",
    DocumentKind.REFUGEE_ID: "13",
    DocumentKind.TEMPORARY_ASYLUM: "19",
    DocumentKind.BIRTH_CERTIFICATE: "03",
    DocumentKind.FOREIGN_BIRTH_CERTIFICATE: "23",
}

BIRTH_CERTIFICATES = (DocumentKind.BIRTH_CERTIFICATE, DocumentKind.FOREIGN_BIRTH_CERTIFICATE)
IDENTITY_DOCUMENTS = tuple(kind for kind in DocumentKind if kind not in BIRTH_CERTIFICATES)
"""«Паспорт или документ, его заменяющий» (R3): the closed list of domain §2.2."""


class SeenAs(TextChoices):
    """The form in which a document was seen (R6); a photo or a plain scan is none of them."""

    ORIGINAL = "original", _("original")
    CERTIFIED_COPY = "certified_copy", _("certified copy")


class OfferedPaper(TextChoices):
    """A paper that an adult who applies for another shows of their own accord: none may be demanded of them (R7)."""

    IDENTITY = "identity", _("their own passport or a document replacing it")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")
    OTHER = "other", _("another paper")


class Relation(TextChoices):
    """The relation of a representative to a minor; all but the attorney are legal ones (domain §3.1)."""

    PARENT = "parent", _("Parent")
    ADOPTER = "adopter", _("Adoptive parent")
    GUARDIAN = "guardian", _("Guardian")
    TRUSTEE = "trustee", _("Trustee")
    ATTORNEY = "attorney", _("Another person, by power of attorney")


LEGAL_REPRESENTATIVES = (Relation.PARENT, Relation.ADOPTER, Relation.GUARDIAN, Relation.TRUSTEE)


class Applicant(TextChoices):
    """The person who turned to the clinic: the case of the document matrix (domain §3.3)."""

    PATIENT = "patient", _("the patient")
    LEGAL_REPRESENTATIVE = "legal_representative", _("legal representative of a minor")
    OTHER_PERSON = "other_person", _("another person for a minor")
    ADULT_FOR_ADULT = "adult_for_adult", _("an adult for another adult")


class MisState(TextChoices):
    """Tells whether the clinic's MIS knows the record (R9)."""

    PENDING = "pending", _("waiting to be created in the MIS")
    SYNCED = "synced", _("in the MIS")
    FAILED = "failed", _("not created in the MIS")

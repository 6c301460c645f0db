"""Data that people say and show, as typed into a form: a person, their representative, papers."""

from dataclasses import dataclass
from datetime import date

from patients.choices import DocumentKind, OfferedPaper, Relation, SeenAs
from patients.demandable import Demandable


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """Data that a person gives about themselves; `phone` is E.164 or empty."""

    last_name: str
    first_name: str
    patronymic: str = ""
    birth_date: date
    sex: str = ""
    phone: str = ""
    email: str = ""
    contact_way: str = ""
    note: str = ""

    def columns(self) -> dict[str, object]:
        """Returns the data as columns of a patient's record."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeData:
    """The representative of a minor; the site asks only for name and relation (domain §3.3, F)."""

    relation: Relation
    last_name: str
    first_name: str
    patronymic: str = ""
    phone: str = ""

    def columns(self) -> dict[str, object]:
        """Returns the data as columns of a representation."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAdult:
    """An adult who applies for another adult, as they have said; the paper they may have shown was not asked for."""

    name: str
    acts_as: str = ""
    """«дочь», «социальный работник»."""
    paper: OfferedPaper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerData:
    """A power of attorney as it was shown."""

    principal_name: str
    signed_on: date
    valid_until: date
    notary: str = ""
    register_number: str = ""
    checked_in_register: bool = False
    seen_as: SeenAs = SeenAs.ORIGINAL

    def columns(self) -> dict[str, object]:
        """Returns the data as columns of a power of attorney."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One document a registrar ticked. `kind` is empty for a power of attorney, `number` is optional everywhere."""

    document: Demandable
    kind: DocumentKind | None = None
    seen_as: SeenAs = SeenAs.ORIGINAL
    number: str = ""

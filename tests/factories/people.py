"""Factories of patients, as the register takes them in, and of their representatives."""

import itertools
from datetime import date

import factory
from django.utils import timezone

from patients.actions import register, representations
from patients.choices import DocumentKind, Relation, SeenAs
from patients.data import OtherAdult, PersonData, PowerData, RepresentativeData
from patients.fields import blind_index
from patients.models import IdentityDocument, Patient, Representation
from tests.factories.actors import TEST

NUMBERS = itertools.count(1_000_000)
"""One count for all: a person and a patient who share a phone would be one family."""


class PersonFactory(factory.Factory[PersonData]):
    """An adult; `years` makes a person who had that birthday at the beginning of this year."""

    class Meta:
        model = PersonData

    class Params:
        years = None
        child = factory.Trait(first_name="Лев", patronymic="Петрович", years=6)

    last_name, first_name, patronymic = "Орлова", "Мария", "Ивановна"
    birth_date = factory.LazyAttribute(
        lambda made: date(1990, 5, 17) if made.years is None else date(timezone.localdate().year - made.years, 1, 1)
    )
    phone = factory.LazyFunction(lambda: f"+7921{next(NUMBERS):07d}")


class PatientFactory(PersonFactory, factory.Factory[Patient]):
    class Meta:
        model = Patient

    @classmethod
    def _create(cls, model: type[Patient], **person: object) -> Patient:
        return register.add(person=PersonData(**person), by=TEST, allow_namesake=True)


class RepresentativeFactory(factory.Factory[RepresentativeData]):
    """The mother of a child called Орлов."""

    class Meta:
        model = RepresentativeData

    relation = Relation.PARENT
    last_name, first_name, patronymic = "Орлова", "Мария", "Ивановна"
    phone = "+79210001122"


OTHER_ADULT = OtherAdult(name="Доверова Вера Львовна", acts_as="дочь")
"""An adult who applies for another adult."""


def person(**columns: object) -> PersonData:
    return PersonFactory(**columns)


def patient(**columns: object) -> Patient:
    return PatientFactory(**columns)


def child(years: int = 6, **columns: object) -> Patient:
    return PatientFactory(child=True, years=years, **columns)


def representative(relation: Relation = Relation.PARENT, **columns: object) -> RepresentativeData:
    return RepresentativeFactory(relation=relation, **columns)


def parent_of(
    of: Patient, relation: Relation = Relation.PARENT, power: PowerData | None = None, **columns: object
) -> Representation:
    return representations.record(patient=of, who=representative(relation, **columns), power=power, by=TEST)


def document(number: str, **columns: object) -> IdentityDocument:
    """Returns a passport with this number, of a new patient unless it says whose."""
    owner = {} if columns.keys() & {"patient", "representation"} else {"patient": patient()}
    seen = {"seen_as": SeenAs.ORIGINAL, "seen_at": timezone.now(), "seen_by": TEST.ref}
    indexed = {"number": number, "number_index": blind_index(number), "last_digits": number[-4:]}
    return IdentityDocument.objects.create(**owner, **seen, **indexed, **{"kind": DocumentKind.RF_PASSPORT} | columns)


def born(years: int, *, on: date) -> date:
    """Returns the birth date of a person who comes to be so many years old on this day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February of a year that was common
        return date(on.year - years, 3, 1)

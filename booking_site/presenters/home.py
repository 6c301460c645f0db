from dataclasses import dataclass

from django.db.models import QuerySet

from booking_site.queries import catalogue
from scheduling.models import Doctor, Specialty


@dataclass(frozen=True, slots=True)
class OfferPage:
    """The page lists everything that can be booked here, by specialty and by doctor."""

    specialties: QuerySet[Specialty]
    doctors: QuerySet[Doctor]

    @classmethod
    def of(cls) -> "OfferPage":
        return cls(catalogue.specialties(), catalogue.doctors())


@dataclass(frozen=True, slots=True)
class ConsentPage:
    text: str

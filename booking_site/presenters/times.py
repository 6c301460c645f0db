from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from booking_site.presenters.links import Links
from booking_site.queries import catalogue
from booking_site.queries.catalogue import DoctorOfPage, Offer
from scheduling.queries import replica_availability
from scheduling.queries.read_models import FreeSlot, ShownDoctor, ShownService, ShownSpecialty


@dataclass(frozen=True, slots=True)
class TimesPage:
    """The page shows the three nearest times of a specialty, or of the one doctor whose page it is (U01)."""

    specialty: ShownSpecialty
    doctor: DoctorOfPage | None
    service: ShownService
    services: list[ShownService]
    """All that can be chosen here."""
    times: list[FreeSlot]
    links: Links

    @classmethod
    def of(cls, offer: Offer, *, own_hold: UUID | None) -> "TimesPage":
        """Makes the page; of a doctor nothing is remembered, which would deny the times of somebody new."""
        service, doctor = offer.service, offer.doctor
        doctors: Sequence[ShownDoctor] = [doctor] if doctor else catalogue.doctors_of(service)
        return cls(
            specialty=service.specialty,
            doctor=doctor,
            service=service,
            services=offer.services,
            times=replica_availability.nearest_with(service=service, doctors=doctors, own_hold=own_hold),
            links=Links.of(service, doctor.slug if doctor else ""),
        )

"""The services of a doctor, and whether one of them is what a patient waits for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from foundation.database.read_models import KeyedReadModel
from scheduling.choices import ServiceKind
from scheduling.models import Service, Slot
from scheduling.queries.first_appointments import first_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenService(KeyedReadModel):
    """A service that the doctor gives."""

    id: UUID
    specialty_id: UUID
    minutes: int
    kind: str = ServiceKind.VISIT
    is_first: bool = False
    """Whether it is the doctor's first appointment in its specialty, which whoever names no service is given."""


Runs = dict[GivenService, list[Slot]]
"""Services that can begin at one start, in the order of the price list, with the slots each takes."""


class WaitsForService(Protocol):
    @property
    def specialty_id(self) -> UUID: ...
    @property
    def service_id(self) -> UUID | None: ...


def with_first(services: Sequence[GivenService]) -> list[GivenService]:
    """Marks the first appointments among all services of a doctor, which come in the order of the price list."""
    first = {service.pk for service in first_of(services).values()}
    return [replace(service, is_first=service.pk in first) for service in services]


def given_by(services: Iterable[Service]) -> list[GivenService]:
    """Returns all services of a doctor as ranking knows them."""
    return with_first(
        [
            GivenService(id=service.pk, specialty_id=service.specialty_id, minutes=service.minutes, kind=service.kind)
            for service in services
        ]
    )


def gives(service: GivenService, entry: WaitsForService) -> bool:
    """Tells whether this is the service asked for, or the first appointment of the specialty when none is named."""
    if entry.service_id:
        return service.pk == entry.service_id
    return service.is_first and service.specialty_id == entry.specialty_id


WANTED = "(entry.service_id = ANY(%(services_{number})s) OR entry.service_id IS NULL AND %(has_first_{number})s)"
"""The condition of `gives` in SQL, among the entries of one specialty."""


def service_for(entry: WaitsForService, services: Iterable[GivenService]) -> GivenService:
    """Returns the service asked for, or the doctor's first appointment in the specialty when none is named."""
    return next(service for service in services if gives(service, entry))

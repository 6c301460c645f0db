"""The services of a doctor, and whether one of them is what a patient waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from foundation.database.read_models import KeyedReadModel
from scheduling.models import Service, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenService(KeyedReadModel):
    """A service that the doctor gives."""

    id: UUID
    specialty_id: UUID
    minutes: int


Given = Service | GivenService
Runs = dict[Given, list[Slot]]
"""Services that can begin at one start, in the order of the price list, with the slots each takes."""


class WaitsForService(Protocol):
    @property
    def specialty_id(self) -> UUID: ...
    @property
    def service_id(self) -> UUID | None: ...


def gives(service: Given, entry: WaitsForService) -> bool:
    """Tells whether this is the service asked for, or one of the specialty when none is named."""
    return service.pk == entry.service_id if entry.service_id else service.specialty_id == entry.specialty_id


WANTED = "(entry.service_id IS NULL OR entry.service_id = ANY(%(services_{number})s))"
"""The condition of `gives` in SQL, among the entries of one specialty."""


def service_for(entry: WaitsForService, services: Iterable[Given]) -> Given:
    """Returns the service asked for, or the first one of the doctor's in the specialty when none is named."""
    return next(service for service in services if gives(service, entry))

"""The first appointment of a specialty: what is meant by whoever names no service.

It is the first in the price list that is no examination; of a doctor who gives examinations alone, the first of these.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypedDict, TypeVar
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from scheduling.choices import ServiceKind
from scheduling.models import Service, Specialty

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Priced(Protocol):
    @property
    def specialty_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...


S = TypeVar("S", bound=Priced)


def first_of(services: Iterable[S]) -> dict[UUID, S]:
    """Returns by specialty the first appointment among a doctor's services, given in the order of the price list."""
    found: dict[UUID, S] = {}
    for service in sorted(services, key=lambda service: service.kind == ServiceKind.EXAMINATION):
        found.setdefault(service.specialty_id, service)
    return found


_EXAMINATIONS_LAST = Case(When(kind=ServiceKind.EXAMINATION, then=Value(1)), default=Value(0))


class ByDoctor(TypedDict):
    """The column that `by_doctor` adds to a service."""

    doctor: UUID


FirstAppointment: TypeAlias = "WithAnnotations[Service, ByDoctor]"


def by_doctor(specialty: Specialty) -> dict[UUID, Service]:
    """Returns the first appointment of each active doctor who gives anything in the specialty."""
    return {service.doctor: service for service in _given(Q(specialty=specialty))}


def by_doctor_of_each(specialties: Collection[UUID]) -> dict[UUID, dict[UUID, Service]]:
    """Returns the same for many specialties by one statement."""
    found: dict[UUID, dict[UUID, Service]] = {specialty: {} for specialty in specialties}
    for service in _given(Q(specialty__in=specialties)):
        found[service.specialty_id][service.doctor] = service
    return found


def _given(condition: Q) -> "Iterable[FirstAppointment]":
    return (
        Service.objects.filter(condition, active=True, doctors__active=True)
        .annotate(doctor=F("doctors"))
        .order_by("specialty_id", "doctor", _EXAMINATIONS_LAST, "order", "name")
        .distinct("specialty_id", "doctor")
    )

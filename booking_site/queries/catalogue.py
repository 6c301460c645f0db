"""The site offers the specialties, doctors and services that visitors can book themselves."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from foundation.database.read_models import columns
from foundation.database.rows import fetch, fetch_first
from foundation.ttl_cache import ttl_cache
from scheduling.models import Doctor, Service, Specialty
from scheduling.queries.read_models import AnyService, ShownDoctor, ShownService

_OFFER = f"""
    SELECT {columns(ShownService, "service")}
    FROM scheduling_service service
    JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
    WHERE service.active AND service.on_site AND EXISTS (
        SELECT FROM scheduling_doctor_services given JOIN scheduling_doctor doctor ON doctor.id = given.doctor_id
        WHERE given.service_id = service.id AND doctor.active AND {{narrowed}}
    )
    ORDER BY specialty.order, service.order, service.name
"""


def services() -> QuerySet[Service]:
    given = Doctor.objects.filter(services=OuterRef("pk"), active=True)
    return Service.objects.filter(Exists(given), active=True, on_site=True)


def specialties() -> QuerySet[Specialty]:
    return Specialty.objects.filter(services__in=services()).distinct()


def doctors() -> QuerySet[Doctor]:
    """Returns the doctors with their specialties, in two queries whatever their number."""
    offered = Doctor.objects.filter(active=True, services__in=services()).distinct()
    return offered.prefetch_related(Prefetch("specialties", Specialty.objects.order_by("order")))


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorOfPage(ShownDoctor):
    """A doctor's own page shows also what is written about them."""

    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An address offers these services, and one of them is asked for; `doctor` is set on a doctor's own page."""

    services: list[ShownService]
    service: ShownService
    doctor: DoctorOfPage | None = None


@ttl_cache
def services_of_specialty(slug: str) -> list[ShownService]:
    """Returns the services of a specialty by raw SQL, because every page on the way to a time needs them."""
    return _offer("specialty.slug = %s", slug)


def services_of_doctor(slug: str) -> list[ShownService]:
    return _offer("doctor.slug = %s", slug)


def doctor(slug: str) -> DoctorOfPage | None:
    sql = f"SELECT {columns(DoctorOfPage, 'doctor')} FROM scheduling_doctor doctor WHERE slug = %s AND active"
    return fetch_first(DoctorOfPage, sql, [slug])


@ttl_cache
def doctors_of(service: AnyService) -> list[ShownDoctor]:
    return fetch(
        ShownDoctor,
        f"""
        SELECT {columns(ShownDoctor, "doctor")} FROM scheduling_doctor doctor
        JOIN scheduling_doctor_services given ON given.doctor_id = doctor.id
        WHERE given.service_id = %s AND doctor.active ORDER BY doctor.search_name COLLATE "C", doctor.id
        """,
        [service.pk],
    )


def _offer(narrowed: str, slug: str) -> list[ShownService]:
    return fetch(ShownService, _OFFER.format(narrowed=narrowed), [slug])

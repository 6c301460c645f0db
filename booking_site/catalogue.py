"""What the site offers: specialties, doctors and services that a visitor can book himself."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from foundation.database.rows import Columns, fetch, listed
from foundation.ttl_cache import ttl_cache
from scheduling.models import Doctor, Service, Specialty

_SERVICE = Columns(Service, "service", "id", "specialty_id", "name", "minutes", "price")
_SPECIALTY = Columns(Specialty, "specialty", "id", "slug", "name", "doctor_title")
_DOCTOR = Columns(Doctor, "doctor", "id", "slug", "last_name", "first_name", "patronymic", "about")
_OFFER = f"""
    SELECT {listed(_SERVICE, _SPECIALTY)}
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
    """With their specialties: two queries whatever their number."""
    offered = Doctor.objects.filter(active=True, services__in=services()).distinct()
    return offered.prefetch_related(Prefetch("specialties", Specialty.objects.order_by("order")))


@ttl_cache
def offer_of_specialty(slug: str) -> list[Service]:
    """Services with their specialty. Raw SQL, as in `availability`: every page on the way to a time asks this."""
    return _offer("specialty.slug = %s", slug)


def offer_of_doctor(slug: str) -> list[Service]:
    return _offer("doctor.slug = %s", slug)


def doctor(slug: str) -> Doctor | None:
    return _DOCTOR.one(f"SELECT {_DOCTOR.sql} FROM scheduling_doctor doctor WHERE slug = %s AND active", [slug])


@ttl_cache
def doctors_of(service: Service) -> list[Doctor]:
    return _DOCTOR.all(
        f"""
        SELECT {_DOCTOR.sql} FROM scheduling_doctor doctor
        JOIN scheduling_doctor_services given ON given.doctor_id = doctor.id
        WHERE given.service_id = %s AND doctor.active ORDER BY doctor.last_name, doctor.first_name, doctor.id
        """,
        [service.pk],
    )


def _offer(narrowed: str, slug: str) -> list[Service]:
    offered = []
    for row in map(iter, fetch(_OFFER.format(narrowed=narrowed), [slug])):
        service = _SERVICE.read(row)
        service.specialty = _SPECIALTY.read(row)
        offered.append(service)
    return offered

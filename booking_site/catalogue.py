"""What the site offers: specialties, doctors and services that a visitor can book himself."""

from django.db.models import Prefetch, QuerySet

from scheduling.models import Doctor, Service, Specialty


def services() -> QuerySet[Service]:
    return Service.objects.filter(active=True, on_site=True, doctors__active=True).distinct()


def specialties() -> QuerySet[Specialty]:
    return Specialty.objects.filter(services__in=services()).distinct()


def doctors() -> QuerySet[Doctor]:
    """With their specialties: two queries whatever their number."""
    offered = Doctor.objects.filter(active=True, services__in=services()).distinct()
    return offered.prefetch_related(Prefetch("specialties", Specialty.objects.order_by("order")))

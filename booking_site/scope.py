"""What a request to the site is about: each function finds one thing, or answers instead of the view."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from booking_site.queries import catalogue
from booking_site.queries.catalogue import Offer
from booking_site.site_view import Page, SiteRequest
from booking_site.visitor import link_holder
from scheduling import links
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, Specialty
from scheduling.queries.read_models import ShownService

OVER = (AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW)


def specialty(request: SiteRequest, slug: str) -> Specialty:
    """A specialty of which something can be booked here."""
    return get_object_or_404(catalogue.specialties(), slug=slug)


def offer_of_specialty(request: SiteRequest, slug: str) -> Offer:
    services = catalogue.services_of_specialty(slug)
    return Offer(services=services, service=_asked_for(request, services))


def offer_of_doctor(request: SiteRequest, slug: str) -> Offer:
    services = catalogue.services_of_doctor(slug)
    service = _asked_for(request, services)
    doctor = catalogue.doctor(slug)
    if doctor is None:
        raise Http404
    return Offer(services=services, service=service, doctor=doctor)


def _asked_for(request: SiteRequest, services: list[ShownService]) -> ShownService:
    """The first, unless the link says."""
    if not services:
        raise Http404
    asked = request.GET.get("service")
    return next((service for service in services if str(service.pk) == asked), services[0])


@dataclass(frozen=True, slots=True)
class LinkedVisit:
    """The appointment of a patient's own link."""

    visit: Appointment
    token: str


def linked_visit(request: SiteRequest, token: str) -> LinkedVisit | Page:
    """The link dies with the end of the visit (T42). Whoever opened it is the one who acts."""
    visits = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service__specialty", "room__location"
    )
    visit = visits.filter(link_hash=links.hash_of(token)).first()
    if visit is None or not links.opens(token, visit):
        return Page("booking_site/link_unknown.html", None, status=404)
    if visit.ends_at <= timezone.now() or visit.status in OVER:
        return Page("booking_site/link_over.html", None, status=410)
    request.by = link_holder(request, visit)
    return LinkedVisit(visit, token)

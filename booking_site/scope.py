"""Each function finds what a request to the site is about, or answers instead of the view."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from booking_site import sealed_way
from booking_site.booking import to_visit
from booking_site.flow import Flow
from booking_site.forms.choice import Choice, ChoiceForm
from booking_site.presenters.request_state import can_cancel, ended_at
from booking_site.queries import catalogue
from booking_site.queries.catalogue import Offer
from booking_site.refusals import cannot_book
from booking_site.site_view import Page, SiteRequest
from booking_site.visitor import link_holder, question_holder, request_holder
from scheduling import links
from scheduling.choices import AppointmentStatus
from scheduling.errors import ServiceNotOffered, SlotTaken
from scheduling.models import Appointment, Service, Specialty
from scheduling.queries import facts
from scheduling.queries.read_models import ShownService, ShownSlot
from waitlist import request_links
from waitlist.models import TimeQuestion, WaitlistRequest
from waitlist.queries import questions
from waitlist.queries import requests as left_requests

OVER = (AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW)
TOLD_FOR = timedelta(days=30)
"""So long after its end a request can be looked up by its link."""


def specialty(request: SiteRequest, slug: str) -> Specialty:
    """Finds a specialty of which something can be booked here."""
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
    """Returns the service that the link names, or else the first."""
    if not services:
        raise Http404
    asked = request.GET.get("service")
    return next((service for service in services if str(service.pk) == asked), services[0])


def posted_choice(request: SiteRequest) -> Choice | Page:
    """Finds the time that a form names; its page may have been open since before the service was withdrawn."""
    form = ChoiceForm(request.POST)
    if form.is_valid():
        return form.choice()
    if set(form.errors) != {"service"}:
        raise Http404
    withdrawn = Choice(form.cleaned_data["slot"], _withdrawn(request.POST.get("service", "")), finish=False)
    return cannot_book(request, withdrawn, error=ServiceNotOffered())


def _withdrawn(service: str) -> Service:
    """Returns a service that the site no longer offers; a form that names none is not one of ours."""
    try:
        return facts.service(UUID(service))
    except (ValueError, Service.DoesNotExist) as error:
        raise Http404 from error


def chosen_time(request: SiteRequest) -> Flow | HttpResponse:
    """Finds the visitor's way through the booking. A form sent again after the booking leads to that booking.

    A form opened for another time than the one chosen last, in another tab, is shown anew before anything is done.
    A form of a session that has ended brings the way along.
    """
    flow = Flow(request.session)
    if flow.is_new and (way := _way(request)):
        flow.take_up(way)
    if flow.made:
        return to_visit(get_object_or_404(Appointment, pk=flow.made))
    if not flow.has_time:
        messages.info(request, _("Choose a time first."))
        return redirect("site:choose")
    if request.POST.get("slot", str(flow.slot_id)) != str(flow.slot_id):
        flow.keep_what_is_sent(request.POST)
        messages.warning(request, _("You have chosen another time meanwhile. Check it and continue."))
        return redirect("site:details")
    return flow


@dataclass(frozen=True, slots=True)
class WantedTime:
    """A visitor wants this time, and proves a phone before it is kept for them (T110)."""

    flow: Flow
    slot: ShownSlot
    service: ShownService
    finish: bool

    @property
    def slot_id(self) -> UUID:
        return self.slot.pk


def wanted_time(request: SiteRequest) -> WantedTime | HttpResponse:
    """Finds the time that waits for a proved phone; a form sent again after that leads on."""
    flow = Flow(request.session)
    if (wanted := flow.wanted) is None:
        return redirect("site:details" if flow.has_time else "site:choose")
    found = facts.slot_and_service(slot=wanted.slot_id, service=wanted.service_id)
    if found.slot is None:
        raise SlotTaken
    return WantedTime(flow, found.slot, found.service, wanted.finish)


def _way(request: SiteRequest) -> str:
    """Returns the sealed way that a form brings along, sent now or shown again."""
    shown_again = getattr(request, "typed_again", {})
    return str(request.POST.get(sealed_way.FIELD) or shown_again.get(sealed_way.FIELD, ""))


@dataclass(frozen=True, slots=True)
class LinkedVisit:
    """A patient's own link leads to this appointment."""

    visit: Appointment
    token: str


def linked_visit(request: SiteRequest, token: str) -> LinkedVisit | Page:
    """Finds the visit of the link, which dies with the end of the visit (T42); its holder is who acts."""
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


@dataclass(frozen=True, slots=True)
class AskedTime:
    """A patient's own link leads to the question whether a freed time would suit them."""

    question: TimeQuestion
    token: str


def asked_time(request: SiteRequest, token: str) -> AskedTime | Page:
    """Finds the question of the link; its holder is who acts."""
    question = questions.of_link(token)
    if question is None:
        return Page("booking_site/link_unknown.html", None, status=404)
    request.by = question_holder(request, question)
    return AskedTime(question, token)


@dataclass(frozen=True, slots=True)
class LinkedRequest:
    """A visitor's own link leads to the request they left."""

    row: WaitlistRequest
    token: str
    proved: bool
    """The link is of whoever had proved the number of the request."""

    @property
    def can_cancel(self) -> bool:
        return can_cancel(self.row, proved=self.proved)


def linked_request(request: SiteRequest, token: str) -> LinkedRequest | Page:
    """Finds the request of the link, which dies a while after the end of the request; its holder is who acts."""
    opened = request_links.opened_by(token)
    row = left_requests.with_outcome(opened.request) if opened else None
    if opened is None or row is None:
        return Page("booking_site/link_unknown.html", None, status=404)
    if (end := ended_at(row)) and end < timezone.now() - TOLD_FOR:
        return Page("booking_site/request_link_over.html", None, status=410)
    request.by = request_holder(request, row)
    return LinkedRequest(row, token, opened.proved)

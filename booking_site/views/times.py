"""Visitors choose a time: one of the nearest three, or from a calendar and the times of a day."""

from uuid import UUID

from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from booking_site import scope
from booking_site.booking import go_on
from booking_site.flow import Flow
from booking_site.forms.choice import Choice, day_from_text, doctor_from_text
from booking_site.presenters.day import DayPage
from booking_site.presenters.days import DaysPage
from booking_site.presenters.home import OfferPage
from booking_site.presenters.times import TimesPage
from booking_site.queries.catalogue import Offer
from booking_site.refusals import cannot_book
from booking_site.site_view import Answer, Page, SiteRequest, site_view
from foundation.errors import DomainError
from notifications.choices import MessageChannel
from notifications.errors import NoRouteForCodes
from notifications.gateways import routes
from scheduling.errors import ProofNeeded


@require_safe
@site_view()
def choose(request: SiteRequest) -> Answer:
    return Page("booking_site/choose.html", OfferPage.of())


@require_safe
@site_view(scope=scope.offer_of_specialty)
def specialty(request: SiteRequest, offer: Offer) -> Answer:
    """Shows the three nearest times on the first page after choosing (U01)."""
    return Page("booking_site/times.html", TimesPage.of(offer, own_hold=_own_hold(request)))


@require_safe
@site_view(scope=scope.offer_of_doctor)
def doctor(request: SiteRequest, offer: Offer) -> Answer:
    return Page("booking_site/times.html", TimesPage.of(offer, own_hold=_own_hold(request)))


@require_safe
@site_view(scope=scope.offer_of_specialty)
def days(request: SiteRequest, offer: Offer) -> Answer:
    doctor, first = doctor_from_text(request.GET.get("doctor")), day_from_text(request.GET.get("from"))
    content = DaysPage.of(offer.service, doctor=doctor, first=first, own_hold=_own_hold(request))
    return Page("booking_site/days.html", content)


@require_safe
@site_view(scope=scope.offer_of_specialty)
def day(request: SiteRequest, offer: Offer) -> Answer:
    doctor, day = doctor_from_text(request.GET.get("doctor")), day_from_text(request.GET.get("day"))
    content = DayPage.of(offer.service, doctor=doctor, day=day, own_hold=_own_hold(request))
    return Page("booking_site/day.html", content)


def _own_hold(request: SiteRequest) -> UUID | None:
    """Returns what this visitor holds, which stays in sight while they look around."""
    return Flow(request.session).own_hold


def _not_held(request: SiteRequest, choice: Choice, *, error: DomainError) -> Answer:
    """Leads to the page that asks for a phone and a code, where the time is kept only after that."""
    if not isinstance(error, ProofNeeded):
        return cannot_book(request, choice, error=error)
    Flow(request.session).want(slot=choice.slot_id, service=choice.service, finish=choice.finish)
    return redirect("site:prove")


@require_POST
@site_view(scope=scope.posted_choice, refused=_not_held)
def take(request: SiteRequest, choice: Choice) -> Answer:
    """Holds the chosen time; from a page of other times the booking goes on where it stopped.

    Where no code could prove a phone, the visitor hears it now and not after the form.
    """
    if not routes.names(MessageChannel.SMS):
        raise NoRouteForCodes
    flow = Flow(request.session)
    flow.take(slot=choice.slot_id, service=choice.service, by=request.by)
    return go_on(flow, by=request.by) if choice.finish else redirect("site:details")

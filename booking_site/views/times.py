"""Which time: the three nearest, a calendar of five weeks, the times of one day."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from booking_site import scope
from booking_site.booking import go_on
from booking_site.flow import Flow
from booking_site.forms.choice import ChoiceForm, day_from_text, doctor_from_text
from booking_site.presenters.day import DayPage
from booking_site.presenters.days import DaysPage
from booking_site.presenters.home import OfferPage
from booking_site.presenters.times import TimesPage
from booking_site.queries.catalogue import Offer
from booking_site.refusals import cannot_book, first_visits_only
from booking_site.site_view import Answer, Page, SiteRequest, site_view
from booking_site.visitor import visitor_of
from foundation.accounts.access import public
from scheduling.errors import BookingError, ServiceNotOffered
from scheduling.models import Service
from scheduling.queries import facts


@require_safe
@site_view()
def choose(request: SiteRequest) -> Answer:
    return Page("booking_site/choose.html", OfferPage.of())


@require_safe
@site_view(scope=scope.offer_of_specialty)
def specialty(request: SiteRequest, offer: Offer) -> Answer:
    """The three nearest times stand on the first page after choosing (U01)."""
    return Page("booking_site/times.html", TimesPage.of(offer, own_hold=_own_hold(request)))


@require_safe
@site_view(scope=scope.offer_of_doctor)
def doctor(request: SiteRequest, offer: Offer) -> Answer:
    return Page("booking_site/times.html", TimesPage.of(offer, own_hold=_own_hold(request)))


@require_safe
@site_view(scope=scope.offer_of_specialty)
def days(request: SiteRequest, offer: Offer) -> Answer:
    doctor, first = request.GET.get("doctor", ""), day_from_text(request.GET.get("from"))
    content = DaysPage.of(offer.service, doctor=doctor, first=first, own_hold=_own_hold(request))
    return Page("booking_site/days.html", content)


@require_safe
@site_view(scope=scope.offer_of_specialty)
def day(request: SiteRequest, offer: Offer) -> Answer:
    doctor, day = doctor_from_text(request.GET.get("doctor")), day_from_text(request.GET.get("day"))
    content = DayPage.of(offer.service, doctor=doctor, day=day, own_hold=_own_hold(request))
    return Page("booking_site/day.html", content)


def _own_hold(request: SiteRequest) -> UUID | None:
    """The time that this visitor holds stays in sight while they look around."""
    return Flow(request.session).own_hold


@require_POST
@public
@first_visits_only
def take(request: HttpRequest) -> HttpResponse:
    """Holds the chosen time; from a page of alternatives the booking goes on where it stopped."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _withdrawn(request, form)
    flow, choice = Flow(request.session), form.cleaned_data
    try:
        flow.take(slot=choice["slot"], service=choice["service"], by=visitor_of(request))
    except BookingError as error:
        return cannot_book(request, error, slot_id=choice["slot"], service=choice["service"])
    return go_on(request, flow) if choice["finish"] else redirect("site:details")


def _withdrawn(request: HttpRequest, form: ChoiceForm) -> HttpResponse:
    """A service that is no longer offered, from a page that was open; any other form is not one of ours."""
    if set(form.errors) != {"service"}:
        raise Http404
    try:
        service = facts.service(UUID(form.data["service"]))
    except (ValueError, Service.DoesNotExist) as error:
        raise Http404 from error
    return cannot_book(request, ServiceNotOffered(), slot_id=form.cleaned_data["slot"], service=service)

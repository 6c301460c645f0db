from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

import booking
from booking_site.consent import consent_text
from booking_site.flow import Flow
from booking_site.forms.request import RequestForm
from booking_site.queries import catalogue
from booking_site.refusals import first_visits_only
from booking_site.visitor import visitor_of
from foundation.accounts.access import public
from patients.choices import Channel
from scheduling.models import Specialty


@require_http_methods(["GET", "HEAD", "POST"])
@public
@first_visits_only
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Hands the wishes over to the contact centre (R12, R20); what was chosen or typed before is filled in."""
    specialty = get_object_or_404(catalogue.specialties(), slug=slug)
    if request.method != "POST":
        return _page(request, RequestForm(specialty=specialty, initial=_known(request, specialty)))
    form = RequestForm(request.POST, specialty=specialty)
    if not form.is_valid():
        return _page(request, form, status=422)
    booking.hand_over(
        person=form.person(),
        wishes=form.wishes(),
        representative=form.representative(),
        channel=Channel.SITE,
        by=visitor_of(request),
        consent_text=consent_text(),
    )
    return redirect("site:request_sent")


@require_safe
@public
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "booking_site/request_sent.html")


def _known(request: HttpRequest, specialty: Specialty) -> dict[str, object]:
    wished = {"doctor": catalogue.doctors().filter(slug=request.GET.get("doctor", "")).first()}
    service = request.GET.get("service")
    wished["service"] = next((one for one in catalogue.services() if str(one.pk) == service), None)
    return {**Flow(request.session).typed, **wished, "consent": False}


def _page(request: HttpRequest, form: RequestForm, status: int = 200) -> HttpResponse:
    response = render(request, "booking_site/request.html", {"form": form, "specialty": form.specialty}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response

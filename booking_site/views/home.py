from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from booking_site.consent import consent_text
from booking_site.queries import catalogue
from foundation.accounts.access import public


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "booking_site/home.html", {"specialties": catalogue.specialties(), "doctors": catalogue.doctors()}
    )


@require_safe
@public
def consent(request: HttpRequest) -> HttpResponse:
    return render(request, "booking_site/consent.html", {"text": consent_text()})

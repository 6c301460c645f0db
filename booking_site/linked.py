from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from scheduling import links
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment

OVER = (AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW)


def with_linked_visit(*, sends_forms: bool) -> Callable:
    """Gives the view the appointment of the patient's own link; the link dies with the end of the visit (T42).

    The link stays out of other pages' Referer. A browser under `no-referrer` hides the origin of a posted form too,
    which looks forged, so pages with a form let the origin, and only it, through.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def found(request: HttpRequest, token: str) -> HttpResponse:
            response = _answer(view, request, token)
            response["Referrer-Policy"] = "strict-origin" if sends_forms else "no-referrer"
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return found

    return decorate


def _answer(view: Callable[..., HttpResponse], request: HttpRequest, token: str) -> HttpResponse:
    visits = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service__specialty", "room__location"
    )
    visit = visits.filter(link_hash=links.hash_of(token)).first()
    if visit is None or not links.opens(token, visit):
        return render(request, "booking_site/link_unknown.html", status=404)
    if visit.ends_at <= timezone.now() or visit.status in OVER:
        return render(request, "booking_site/link_over.html", status=410)
    return view(request, visit, token)

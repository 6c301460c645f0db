"""Pages that say why something cannot be done and what to do next. Everything typed stays in the session."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from booking_site.flow import Flow
from patients.choices import Channel
from patients.errors import PatientError
from scheduling.actions import slots
from scheduling.actions.appointments import check_channel
from scheduling.errors import (
    AgeNotServed,
    BookingError,
    FollowUpNotOnSite,
    IdempotencyConflict,
    ServiceNotOffered,
    TooManyVisits,
    TooYoungForSite,
    TryAgain,
)
from scheduling.models import Service, Slot

ANOTHER_TIME_DOES_NOT_HELP = (AgeNotServed, IdempotencyConflict, TooManyVisits, TooYoungForSite, TryAgain, PatientError)


def first_visits_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """R18: whatever asks for a follow-up here is refused by the domain's own rule, with the phone number."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        kind = request.POST.get("visit_kind") or request.GET.get("kind") or "first"
        try:
            check_channel(Channel.SITE, kind)
        except FollowUpNotOnSite as error:
            return render(request, "booking_site/follow_up.html", {"error": error}, status=403)
        return view(request, *args, **kwargs)

    return checked


def cannot_book(
    request: HttpRequest, error: BookingError | PatientError, *, slot_id: object, service: Service
) -> HttpResponse:
    """409 with the nearest other times, or the sentence with the phone when another time would not help."""
    withdrawn = isinstance(error, ServiceNotOffered) and not (service.active and service.on_site)
    # Back to what was typed, where that can be mended; a service that is gone cannot.
    typed = bool(Flow(request.session).typed) and not withdrawn
    context = {"error": error, "service": service, "typed": typed}
    if withdrawn or isinstance(error, ANOTHER_TIME_DOES_NOT_HELP):
        status = 422 if isinstance(error, IdempotencyConflict) else 409
        return render(request, "booking_site/problem.html", context, status=status)
    times = getattr(error, "alternatives", None)
    slot = Slot.objects.filter(pk=slot_id).first()
    if not times and slot:
        times = slots.alternatives(slot, service)
    return render(request, "booking_site/taken.html", {**context, "times": times}, status=409)

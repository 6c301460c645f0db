from datetime import date, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from booking_site import catalogue
from booking_site.booking import go_on
from booking_site.flow import Flow
from booking_site.forms.choice import ChoiceForm, DayForm
from booking_site.views.refusals import cannot_book, first_visits_only
from booking_site.visitor import visitor_of
from clinic.accounts.access import public
from scheduling.errors import BookingError
from scheduling.models import Doctor, Service, Slot
from scheduling.queries import availability
from scheduling.queries.availability import TimeWishes

WEEK = timedelta(days=7)


@require_safe
@public
@first_visits_only
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "site/choose.html", {"specialties": catalogue.specialties(), "doctors": catalogue.doctors()})


@require_safe
@public
@first_visits_only
def specialty(request: HttpRequest, slug: str) -> HttpResponse:
    """The three nearest times stand on the first page after choosing (U01)."""
    chosen = get_object_or_404(catalogue.specialties(), slug=slug)
    offered = list(catalogue.services().filter(specialty=chosen))
    service = _chosen_service(request, offered)
    context = {"specialty": chosen, "services": offered, "service": service, "doctor": None}
    return render(request, "site/times.html", {**context, "times": _nearest(request, service)})


@require_safe
@public
@first_visits_only
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    chosen = get_object_or_404(catalogue.doctors(), slug=slug)
    offered = list(catalogue.services().filter(doctors=chosen).select_related("specialty"))
    service = _chosen_service(request, offered)
    times = _nearest(request, service, TimeWishes(doctor_ids=[chosen.pk]))
    context = {"specialty": service.specialty, "services": offered, "service": service, "doctor": chosen}
    return render(request, "site/times.html", {**context, "times": times})


@require_safe
@public
@first_visits_only
def days(request: HttpRequest, slug: str) -> HttpResponse:
    """A week of free times, of all doctors or of one."""
    chosen = get_object_or_404(catalogue.specialties(), slug=slug)
    service = _chosen_service(request, list(catalogue.services().filter(specialty=chosen)))
    doctors = list(catalogue.doctors().filter(services=service))
    only = next((one for one in doctors if one.slug == request.GET.get("doctor")), None)
    first = DayForm.day_of(request.GET.get("from"))
    wishes = TimeWishes(doctor_ids=[only.pk] if only else (), date_from=first)
    times = list(_free(request, service, wishes).filter(starts_at__lt=availability.day_start(first + WEEK)))
    context = {
        "specialty": chosen,
        "service": service,
        "doctors": doctors,
        "doctor": only,
        "days": _by_day(times),
        "next_free": None if times else next(iter(availability.nearest(service=service, wishes=wishes, limit=1)), None),
        "earlier": max(first - WEEK, timezone.localdate()) if first > timezone.localdate() else None,
        "later": first + WEEK,
    }
    return render(request, "site/days.html", context)


@require_POST
@public
@first_visits_only
def take(request: HttpRequest) -> HttpResponse:
    """Holds the chosen time; from a page of alternatives the booking goes on where it stopped."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise Http404
    flow, choice = Flow(request.session), form.cleaned_data
    try:
        flow.take(slot=choice["slot"], service=choice["service"], by=visitor_of(request))
    except BookingError as error:
        return cannot_book(request, error, slot_id=choice["slot"], service=choice["service"])
    return go_on(request, flow) if choice["finish"] else redirect("site:details")


def _chosen_service(request: HttpRequest, offered: list[Service]) -> Service:
    if not offered:
        raise Http404
    wanted = request.GET.get("service")
    return next((service for service in offered if str(service.pk) == wanted), offered[0])


def _free(request: HttpRequest, service: Service, wishes: TimeWishes = availability.ANY_TIME) -> QuerySet[Slot]:
    """Free times; the one this visitor holds himself stays in sight while he looks around."""
    own = Flow(request.session).own_hold
    free = availability.free_starts(service=service, wishes=wishes, own_hold=own)
    return free.select_related("doctor", "shift__room__location")


def _nearest(request: HttpRequest, service: Service, wishes: TimeWishes = availability.ANY_TIME) -> list[Slot]:
    return list(_free(request, service, wishes)[: availability.NEAREST])


def _by_day(times: list[Slot]) -> list[tuple[date, list[tuple[Doctor, list[Slot]]]]]:
    def of_doctor(slot: Slot) -> tuple:
        return slot.doctor.last_name, slot.doctor_id

    days = []
    for day, of_day in groupby(times, key=lambda slot: timezone.localtime(slot.starts_at).date()):
        columns = groupby(sorted(of_day, key=of_doctor), key=of_doctor)
        days.append((day, [(found[0].doctor, found) for found in (list(group) for _, group in columns)]))
    return days

"""Which time: the three nearest, a calendar of five weeks, the times of one day."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from booking_site.booking import go_on
from booking_site.flow import Flow
from booking_site.forms.choice import ChoiceForm, day_from_text, doctor_from_text
from booking_site.queries import catalogue
from booking_site.refusals import cannot_book, first_visits_only
from booking_site.visitor import visitor_of
from foundation.accounts.access import public
from scheduling.errors import BookingError, ServiceNotOffered
from scheduling.models import Service
from scheduling.queries import facts, shown
from scheduling.queries.read_models import FreeSlot, ShownDoctor, ShownService
from scheduling.wishes import TimeWishes

WEEKS = 5
DAY = timedelta(days=1)


class Cell(NamedTuple):
    """A day of the calendar in words. `month` is named on the first cell and on the first of a month."""

    date: str
    day: str
    month: str
    free: str
    label: str
    """For those who do not see what stands above and below."""


@require_safe
@public
@first_visits_only
def choose(request: HttpRequest) -> HttpResponse:
    return render(
        request, "booking_site/choose.html", {"specialties": catalogue.specialties(), "doctors": catalogue.doctors()}
    )


@require_safe
@public
@first_visits_only
def specialty(request: HttpRequest, slug: str) -> HttpResponse:
    """The three nearest times stand on the first page after choosing (U01)."""
    offered, service = _services(request, catalogue.offer_of_specialty(slug))
    return _nearest_page(request, service, {"services": offered, "doctor": None})


@require_safe
@public
@first_visits_only
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    offered, service = _services(request, catalogue.offer_of_doctor(slug))
    chosen = catalogue.doctor(slug)
    if chosen is None:
        raise Http404
    return _nearest_page(request, service, {"services": offered, "doctor": chosen})


def _nearest_page(request: HttpRequest, service: ShownService, context: dict) -> HttpResponse:
    """Of one doctor nothing is remembered: a page of two ages would deny the times of somebody new."""
    only = context["doctor"].slug if context["doctor"] else ""
    doctors = [context["doctor"]] if context["doctor"] else catalogue.doctors_of(service)
    times = shown.nearest_with(service=service, doctors=doctors, own_hold=_own_hold(request))
    context |= {"specialty": service.specialty, "service": service, "times": times, "links": _links(service, only)}
    return render(request, "booking_site/times.html", context)


@require_safe
@public
@first_visits_only
def days(request: HttpRequest, slug: str) -> HttpResponse:
    """Five weeks from a day on: how many times are free on each, of all doctors or of one."""
    _offered, service = _services(request, catalogue.offer_of_specialty(slug))
    doctors = catalogue.doctors_of(service)
    only = next((one.slug for one in doctors if one.slug == request.GET.get("doctor")), "")
    chosen = _only(only, doctors)
    today, first = timezone.localdate(), day_from_text(request.GET.get("from"))
    monday = first - timedelta(days=first.weekday())
    last = monday + timedelta(weeks=WEEKS) - DAY
    wishes = TimeWishes(date_from=monday, date_until=last)
    free = shown.free_days(service=service, doctors=chosen, wishes=wishes, own_hold=_own_hold(request))
    next_free = None if free else _next_free(service, chosen, after=last)
    context = {
        "service": service,
        "doctors": doctors,
        "doctor": only,
        "nothing_free": not free and next_free is None,
        "weekdays": list(WEEKDAYS_ABBR.values()),
        "weeks": _weeks(monday, free),
        "links": _links(service, only),
        "next_free": next_free,
        "earlier": max(monday - timedelta(weeks=WEEKS), today) if monday > today else None,
        "later": last + DAY,
    }
    return render(request, "booking_site/days.html", context)


@require_safe
@public
@first_visits_only
def day(request: HttpRequest, slug: str) -> HttpResponse:
    """The free times of one day, of all doctors or of one."""
    _offered, service = _services(request, catalogue.offer_of_specialty(slug))
    chosen, only = day_from_text(request.GET.get("day")), doctor_from_text(request.GET.get("doctor"))
    doctors = _only(only, catalogue.doctors_of(service))
    wishes = TimeWishes(date_from=chosen, date_until=chosen)
    times = shown.free_starts(service=service, doctors=doctors, wishes=wishes, own_hold=_own_hold(request))
    context = {
        "service": service,
        "day": chosen,
        "doctors": times,
        "next_free": None if times else _next_free(service, doctors, after=chosen),
        "links": _links(service, only),
        "earlier": chosen - DAY if chosen > timezone.localdate() else None,
        "later": chosen + DAY,
    }
    return render(request, "booking_site/day.html", context)


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


def _services(request: HttpRequest, offered: list[ShownService]) -> tuple[list[ShownService], ShownService]:
    """What is offered here, and which of it is asked for: the first, unless the link says."""
    if not offered:
        raise Http404
    wanted = request.GET.get("service")
    return offered, next((service for service in offered if str(service.pk) == wanted), offered[0])


def _own_hold(request: HttpRequest) -> UUID | None:
    """The time that this visitor holds stays in sight while they look around."""
    return Flow(request.session).own_hold


def _weeks(monday: date, free: dict[date, int]) -> list[list[Cell]]:
    cells, words = [], gettext("%(day)s, free times: %(count)s")
    for day in (monday + DAY * number for number in range(7 * WEEKS)):
        month = format_date(day, "M").lower() if day == monday or day.day == 1 else ""
        count = free.get(day, 0)
        label = words % {"day": format_date(day, "j E"), "count": count} if count else ""
        cells.append(Cell(day.isoformat(), str(day.day), month, str(count or ""), label))
    return [cells[week : week + 7] for week in range(0, len(cells), 7)]


def _links(service: ShownService, doctor_slug: str) -> dict[str, str]:
    """Pages of this service and, when one is chosen, this doctor; a day can be appended to them."""
    chosen = urlencode({"service": service.pk} | ({"doctor": doctor_slug} if doctor_slug else {}))
    specialty = reverse("site:specialty", args=[service.specialty.slug])
    pages = {name: f"{specialty}{name}/?{chosen}" for name in ("day", "days", "request")}
    return pages | {"specialty": specialty}


def _only(slug: str, doctors: list[ShownDoctor]) -> list[ShownDoctor]:
    """The one of this address; all of them when nobody in particular is asked for."""
    return [one for one in doctors if slug in ("", one.slug)]


def _next_free(service: ShownService, doctors: list[ShownDoctor], *, after: date) -> FreeSlot | None:
    wishes = TimeWishes(date_from=after + DAY)
    return next(iter(shown.nearest_with(service=service, doctors=doctors, wishes=wishes, limit=1)), None)

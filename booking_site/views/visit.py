from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import booking
from booking_site.answers import answer_to
from booking_site.calendar import calendar_file
from booking_site.forms.choice import day_from_text
from booking_site.linked import with_linked_visit
from booking_site.visitor import link_holder
from foundation import clock
from foundation.accounts.access import public
from patients.choices import Applicant, Relation
from patients.demandable import Demandable, applicant_for, to_bring
from patients.errors import PatientError
from scheduling.choices import CancelReason
from scheduling.errors import BookingError, SlotTaken, StepNotAllowed
from scheduling.models import Appointment, Slot
from scheduling.queries import shown
from scheduling.wishes import TimeWishes

SAME_DOCTOR_TIMES = 6


@require_safe
@public
@with_linked_visit(sends_forms=False)
def visit(request: HttpRequest, visit: Appointment, token: str) -> HttpResponse:
    context = {
        "visit": visit,
        "token": token,
        "cancelled": not visit.is_upcoming,
        "changeable": visit.can_be_changed(timezone.now()),
        "papers": _papers(visit),
    }
    return render(request, "booking_site/visit.html", context)


@require_safe
@public
@with_linked_visit(sends_forms=False)
def calendar(request: HttpRequest, visit: Appointment, token: str) -> HttpResponse:
    if not visit.is_upcoming:
        return redirect("site:visit", token=token)
    return HttpResponse(
        calendar_file(visit),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="visit.ics"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public
@with_linked_visit(sends_forms=True)
def cancel(request: HttpRequest, visit: Appointment, token: str) -> HttpResponse:
    if request.method == "POST":
        try:
            booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=link_holder(request, visit))
        except BookingError as error:
            return _not_allowed(request, token, error)
        return redirect("site:visit", token=token)
    if not visit.can_be_changed(timezone.now()):
        return redirect("site:visit", token=token)
    return render(request, "booking_site/visit_cancel.html", {"visit": visit, "token": token})


@require_http_methods(["GET", "HEAD", "POST"])
@public
@with_linked_visit(sends_forms=True)
def move(request: HttpRequest, visit: Appointment, token: str) -> HttpResponse:
    """Free times to choose from, then one question, then the move."""
    if not visit.can_be_changed(timezone.now()):
        return _not_allowed(request, token, StepNotAllowed())
    slot = _offered(visit, request.POST.get("slot") or request.GET.get("slot"))
    if request.method != "POST":
        return _confirm(request, visit, token, slot) if slot else _times(request, visit, token)
    try:
        if slot is None:
            raise SlotTaken
        booking.move(appointment=visit.pk, to_slot=slot.pk, by=link_holder(request, visit))
    except BookingError as error:
        return _times(request, visit, token, error=error)
    messages.success(request, _("Your visit is moved."))
    return redirect("site:visit", token=token)


def _offered(visit: Appointment, slot_id: str | None) -> Slot | None:
    """A slot of a doctor who gives this service; whether it is still free is decided when it is taken."""
    wanted = Slot.objects.select_related("doctor", "shift__room__location").filter(doctor__services=visit.service)
    try:
        return wanted.filter(pk=slot_id).first() if slot_id else None
    except ValidationError:
        return None


def _confirm(request: HttpRequest, visit: Appointment, token: str, slot: Slot) -> HttpResponse:
    return render(request, "booking_site/visit_move_confirm.html", {"visit": visit, "token": token, "slot": slot})


def _times(request: HttpRequest, visit: Appointment, token: str, error: BookingError | None = None) -> HttpResponse:
    first = day_from_text(request.GET.get("from"))
    same = shown.nearest(
        service=visit.service,
        wishes=TimeWishes(doctor_ids=[visit.doctor_id], date_from=first),
        limit=SAME_DOCTOR_TIMES,
    )
    colleagues = list(visit.service.doctors.exclude(pk=visit.doctor_id).values_list("pk", flat=True))
    wishes = TimeWishes(doctor_ids=colleagues, date_from=first)
    others = shown.nearest(service=visit.service, wishes=wishes) if colleagues else []
    last = max((clock.day_of(slot.starts_at) for slot in (*same, *others)), default=None)
    context = {
        "visit": visit,
        "token": token,
        "error": error,
        "same": same,
        "others": others,
        "later": last + timedelta(days=1) if last else None,
        "first": first,
    }
    return render(request, "booking_site/visit_move.html", context, status=answer_to(error).status if error else 200)


def _not_allowed(request: HttpRequest, token: str, error: BookingError) -> HttpResponse:
    return render(request, "booking_site/visit_fixed.html", {"token": token}, status=answer_to(error).status)


def _papers(visit: Appointment) -> tuple[Demandable, ...]:
    """What to bring, by the closed list of R3–R7."""
    try:
        applicant = applicant_for(
            birth_date=visit.patient.birth_date,
            day=clock.day_of(visit.starts_at),
            relation=Relation(visit.representation.relation) if visit.representation else None,
        )
    except PatientError:
        applicant = Applicant.LEGAL_REPRESENTATIVE
    return to_bring(applicant)

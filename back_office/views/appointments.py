"""One appointment: the four facts to read out (R13), and every step it can take."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.booking import CancelForm, MistakeForm
from back_office.ids import as_uuid
from back_office.statuses import state_of
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from foundation.wording import spoken_day, spoken_time
from patients.choices import Applicant
from patients.demandable import applicant_for, to_bring
from patients.errors import PatientError
from scheduling.actions import visits
from scheduling.choices import AppointmentStatus, CancelReason
from scheduling.errors import BookingError
from scheduling.models import Appointment, Slot
from scheduling.queries import facts, shown
from scheduling.queries.availability import TimeWishes
from scheduling.queries.day import with_facts
from scheduling.queries.read_models import FreeSlot, ShownSlot
from waitlist.choices import OPEN
from waitlist.models import WaitlistEntry

OFFERED = 6


@require_safe
@requires(Permission.SEE_DAY)
def appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    return _page(request, _found(appointment_id))


def _page(request: HttpRequest, visit: Appointment, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page, or for htmx the part of it that stands beside the day grid."""
    trail.record_shown(by=actor_of(request), patients=[visit.patient_id], where="office:appointment")
    now, booked = timezone.now(), visit.status == AppointmentStatus.BOOKED
    context = (
        _facts(visit)
        | {
            "events": visit.events.order_by("id"),
            "waiting": WaitlistEntry.objects.filter(
                patient=visit.patient_id, specialty=visit.service.specialty_id, state__in=OPEN
            ).first(),
            "slot": visit.slots.order_by("starts_at").first(),
            "can_change": visit.can_be_changed(now),
            "can_arrive": visit.status in (AppointmentStatus.BOOKED, AppointmentStatus.NOSHOW),
            "can_noshow": booked and visit.starts_at <= now,
            "can_cancel": visit.status in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED),
            "can_mistake": visit.status
            in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.NOSHOW),
            "informed_by": visit.informed_at and _who(visit, "informed"),
            "cancel_form": CancelForm(),
            "mistake_form": MistakeForm(prefix="mistake"),
        }
        | context
    )
    name = "_appointment" if request.htmx else "appointment"
    return render(request, f"back_office/desk/{name}.html", context, status=status)


def _facts(visit: Appointment) -> dict[str, Any]:
    day = timezone.localtime(visit.starts_at).date()
    return {
        "visit": visit,
        "patient": visit.patient,
        "state": state_of(visit),
        "day_words": spoken_day(day, today=timezone.localdate()),
        "time_words": f"{timezone.localtime(visit.starts_at):%H:%M}",
        "bring": to_bring(_applicant(visit)),
    }


def _applicant(visit: Appointment) -> Applicant:
    """The case of the document matrix on the day of the visit."""
    relation = visit.representation.relation if visit.representation else None
    try:
        return applicant_for(
            birth_date=visit.patient.birth_date,
            day=timezone.localtime(visit.starts_at).date(),
            relation=relation,
        )
    except PatientError:
        return Applicant.PATIENT if relation else Applicant.LEGAL_REPRESENTATIVE


def _who(visit: Appointment, kind: str) -> str:
    return visit.events.filter(kind=kind).order_by("-id").values_list("actor_name", flat=True).first() or ""


@require_safe
@requires(Permission.SEE_DAY)
def ticket(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    visit = _found(appointment_id)
    trail.record_shown(by=actor_of(request), patients=[visit.patient_id], where="office:ticket")
    return render(request, "back_office/desk/ticket.html", _facts(visit) | {"roll": "roll" in request.GET})


@require_POST
@requires(Permission.BOOK)
def informed(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    return _step(request, appointment_id, visits.mark_informed)


@require_POST
@requires(Permission.BOOK)
def confirm(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    return _step(request, appointment_id, visits.confirm)


@require_POST
@requires(Permission.RECEIVE)
def arrive(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    return _step(request, appointment_id, visits.arrive)


@require_POST
@requires(Permission.RECEIVE)
def noshow(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    return _step(request, appointment_id, visits.mark_noshow)


def _step(request: HttpRequest, appointment_id: UUID, step: Any, **details: Any) -> HttpResponse:
    """One action, then the appointment as it is now; beside the grid the answer is always drawn."""
    _found(appointment_id)
    try:
        step(appointment=appointment_id, by=actor_of(request), **details)
    except BookingError as error:
        status = 200 if request.htmx else status_of(error)
        return _page(request, _found(appointment_id), status=status, error=str(error))
    if request.htmx:
        return _page(request, _found(appointment_id))
    return redirect("office:appointment", appointment_id)


@require_POST
@requires(Permission.BOOK)
def cancel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(appointment_id), status=422, cancel_form=form)
    reason = CancelReason(form.cleaned_data["reason"])
    return _step(request, appointment_id, booking.cancel, reason=reason, note=form.cleaned_data["note"])


@require_POST
@requires(Permission.BOOK)
def mistake(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    form = MistakeForm(request.POST, prefix="mistake")
    if not form.is_valid():
        return _page(request, _found(appointment_id), status=422, mistake_form=form)
    return _step(request, appointment_id, booking.enter_in_error, note=form.cleaned_data["note"])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BOOK)
def move(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The nearest other times, the one chosen in the grid first. The old time is kept until then."""
    visit, context, status = _found(appointment_id), {}, 200
    if request.method == "POST":
        slot = get_object_or_404(Slot, pk=as_uuid(request.POST.get("to")))
        try:
            booking.move(appointment=visit.pk, to_slot=slot.pk, by=actor_of(request))
            messages.success(request, _("The appointment has been moved. Tell the patient the new time."))
            return redirect("office:appointment", visit.pk)
        except BookingError as error:
            context, status = {"error": str(error)}, status_of(error)
    trail.record_shown(by=actor_of(request), patients=[visit.patient_id], where="office:appointment_move")
    context |= _facts(visit) | {"times": _other_times(visit, as_uuid(request.GET.get("to")))}
    context["grid_url"] = f"{reverse('office:day')}?move={visit.pk}&date={timezone.localtime(visit.starts_at):%Y-%m-%d}"
    return render(request, "back_office/desk/move.html", context, status=status)


def _other_times(visit: Appointment, chosen: UUID | None) -> list[tuple[ShownSlot | FreeSlot, str]]:
    """The chosen one, then the same doctor's nearest, then anybody's."""
    asked = facts.slot(chosen) if chosen else None
    found: list[ShownSlot | FreeSlot] = [asked] if asked else []
    found += shown.nearest(service=visit.service, wishes=TimeWishes(doctor_ids=[visit.doctor_id]), limit=OFFERED)
    found += shown.nearest(service=visit.service, limit=OFFERED)
    return [(slot, spoken_time(slot.starts_at)) for slot in {slot.pk: slot for slot in found}.values()]


def _found(appointment_id: UUID) -> Appointment:
    if visit := with_facts(appointment_id):
        return visit
    raise Http404

"""The doctor's own day. Everything here starts from the doctor's own visits: another's id is 404 (T41)."""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.doctor import WEEKS, FollowUpForm, MyDayForm, TakeTimeForm
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from foundation.wording import lasting_time, spoken_day, spoken_time
from patients.ages import age_on
from scheduling.actions import visits
from scheduling.choices import AppointmentStatus as Status
from scheduling.errors import BookingError
from scheduling.models import Appointment, Doctor, Slot
from scheduling.queries import shown
from scheduling.queries.availability import TimeWishes, day_start
from scheduling.queries.day import doctor_appointments

INVALID = 422
NEXT = (Status.CHECKED_IN, Status.ARRIVED, Status.BOOKED)
"""Who is next: whoever is in the room, then who has arrived, then who is expected."""


@require_safe
@requires(Permission.CONDUCT_VISITS)
def my_day(request: HttpRequest) -> HttpResponse:
    doctor = getattr(request.user, "doctor", None)
    if doctor is None:
        return render(request, "back_office/doctor/no_doctor.html")
    form, today = MyDayForm(request.GET), timezone.localdate()
    day = form.day
    rows = list(doctor_appointments(doctor, day).exclude(status__in=(Status.CANCELLED, Status.ENTERED_IN_ERROR)))
    for row in rows:
        row.age = age_on(row.patient.birth_date, day)
    trail.record_shown(by=actor_of(request), patients={row.patient_id for row in rows}, where="office:my_day")
    context = {
        "day": day,
        "is_today": day == today,
        "may_conduct": day <= today,
        "rows": rows,
        "next": _next(rows) if day == today else None,
        "done": sum(row.status == Status.FULFILLED for row in rows),
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1),
        "weeks": WEEKS,
    }
    return render(request, "back_office/doctor/my_day.html", context)


@require_safe
@requires(Permission.CONDUCT_VISITS)
def visit(request: HttpRequest, visit_id) -> HttpResponse:
    """One visit: a past one leads to a follow-up, a coming one shows the four facts to tell (R13)."""
    row = _own(request, visit_id)
    trail.record_shown(by=actor_of(request), patients=[row.patient_id], where="office:my_visit")
    local = timezone.localtime(row.starts_at)
    context = {
        "visit": row,
        "age": age_on(row.patient.birth_date, local.date()),
        "coming": row.is_upcoming and row.starts_at > timezone.now(),
        "date": spoken_day(local.date(), today=timezone.localdate()),
        "time": format_date(local, "H:i"),
        "weeks": WEEKS,
        "follow_ups": row.follow_ups.exclude(status__in=(Status.CANCELLED, Status.ENTERED_IN_ERROR)),
    }
    return render(request, "back_office/doctor/visit.html", context)


@require_POST
@requires(Permission.CONDUCT_VISITS)
def start(request: HttpRequest, visit_id) -> HttpResponse:
    row = _own(request, visit_id)
    _step(request, row, visits.start)
    return _to_day(row)


@require_POST
@requires(Permission.CONDUCT_VISITS)
def finish(request: HttpRequest, visit_id) -> HttpResponse:
    """The finished visit's page asks about a follow-up at once."""
    row = _own(request, visit_id)
    return redirect("office:my_visit", row.pk) if _step(request, row, visits.finish) else _to_day(row)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONDUCT_VISITS)
def follow_up(request: HttpRequest, visit_id) -> HttpResponse:
    """Three times from so many weeks after the visit on; POST takes one of them (R18)."""
    row = _own(request, visit_id)
    if request.method != "POST":
        return _times(request, row, FollowUpForm(request.GET or {"weeks": WEEKS[0]}, visit=row))
    form = TakeTimeForm(request.POST, visit=row)
    if not form.is_valid():
        return _times(request, row, form)
    if Slot.objects.filter(pk=form.cleaned_data["slot"]).exclude(doctor=row.doctor_id).exists():
        raise Http404
    try:
        made = booking.by_doctor(
            slot=form.cleaned_data["slot"],
            service=form.cleaned_data["service"],
            follow_up_of=row,
            by=actor_of(request),
            key=f"follow-up:{form.cleaned_data['key']}",
        )
    except BookingError as error:
        return _times(request, row, form, error)
    return redirect("office:my_visit", made.pk)


@require_POST
@requires(Permission.CONDUCT_VISITS)
def informed(request: HttpRequest, visit_id) -> HttpResponse:
    """«Сообщено»: then back to the day the patient came from."""
    row = _own(request, visit_id)
    try:
        visits.mark_informed(appointment=row.pk, by=actor_of(request))
    except BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Told to the patient: %(time)s.") % {"time": spoken_time(row.starts_at)})
    return redirect("office:my_day")


def _next(rows: list[Appointment]) -> Appointment | None:
    for status in NEXT:
        if found := next((row for row in rows if row.status == status), None):
            return found
    return None


def _own(request: HttpRequest, visit_id) -> Appointment:
    doctor: Doctor | None = getattr(request.user, "doctor", None)
    if doctor is None:
        raise Http404
    rows = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service__specialty", "room__location", "follow_up_of"
    )
    return get_object_or_404(rows, pk=visit_id, doctor=doctor)


def _step(request: HttpRequest, row: Appointment, action) -> bool:
    if row.starts_at >= day_start(timezone.localdate() + timedelta(days=1)):
        messages.error(request, _("This visit is on another day. Start it when the patient is here."))
        return False
    try:
        action(appointment=row.pk, by=actor_of(request))
    except BookingError as error:
        messages.error(request, str(error))
        return False
    return True


def _to_day(row: Appointment) -> HttpResponse:
    day: date = timezone.localtime(row.starts_at).date()
    return redirect(f"{reverse('office:my_day')}?date={day}")


def _times(request: HttpRequest, row: Appointment, form: FollowUpForm, error: BookingError | None = None):
    times = []
    if form.is_valid() and (service := form.cleaned_data["service"]):
        from_day = timezone.localtime(row.starts_at).date() + timedelta(weeks=form.cleaned_data["weeks"])
        wishes = TimeWishes(doctor_ids=[row.doctor_id], date_from=from_day)
        times = [(slot, lasting_time(slot.starts_at)) for slot in shown.nearest(service=service, wishes=wishes)]
    trail.record_shown(by=actor_of(request), patients=[row.patient_id], where="office:follow_up")
    status = status_of(error) if error else INVALID if form.errors else 200
    context = {"visit": row, "form": form, "times": times, "error": error, "weeks": WEEKS, "key": uuid4()}
    return render(request, "back_office/doctor/follow_up.html", context, status=status)

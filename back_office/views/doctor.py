"""A doctor sees their own day and their own visits; the id of another's visit is 404 (T41)."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope, undoing
from back_office.forms.doctor import WEEKS, FollowUpForm, MyDayForm, TakeTimeForm
from back_office.presenters.doctor import FollowUpPage, MyDayPage, VisitPage
from back_office.staff_view import Answer, Page, StaffRequest, or_sent_again, staff_view
from foundation.accounts.choices import Permission
from foundation.clock import today_on
from foundation.errors import DomainError
from foundation.wording import spoken_time
from scheduling.models import Appointment, Doctor, Slot


def day_again(request: StaffRequest, row: Appointment, *, error: DomainError) -> HttpResponseBase:
    messages.error(request, str(error))
    return _to_day(row)


def times_page(
    request: StaffRequest, row: Appointment, *, form: FollowUpForm | None = None, error: DomainError | None = None
) -> Page:
    form = form or TakeTimeForm(request.POST, visit=row)
    content = FollowUpPage.of(row, form, error)
    status = 422 if form.errors else 200
    return Page("back_office/doctor/follow_up.html", content, shows=[row.patient_id], status=status)


@require_safe
@staff_view(Permission.CONDUCT_VISITS)
def my_day(request: StaffRequest) -> Answer:
    doctor = Doctor.objects.select_related("room__location").filter(user=request.user).first()
    if doctor is None:
        return Page("back_office/doctor/no_doctor.html", None, shows=())
    content = MyDayPage.of(doctor, MyDayForm(request.GET))
    return Page("back_office/doctor/my_day.html", content, shows=[row.patient_id for row in content.rows])


@require_safe
@staff_view(Permission.CONDUCT_VISITS, scope=scope.own_visit)
def visit(request: StaffRequest, row: Appointment) -> Answer:
    return Page("back_office/doctor/visit.html", VisitPage.of(row), shows=[row.patient_id])


@require_POST
@staff_view(Permission.CONDUCT_VISITS, scope=scope.own_visit, refused=or_sent_again(day_again))
def start(request: StaffRequest, row: Appointment) -> Answer:
    if not _is_ahead(request, row):
        booking.start(appointment=row.pk, by=request.by)
        undoing.offer(request, row.pk, "started")
    return _to_day(row)


@require_POST
@staff_view(Permission.CONDUCT_VISITS, scope=scope.own_visit, refused=or_sent_again(day_again))
def finish(request: StaffRequest, row: Appointment) -> Answer:
    """Finishes the visit; its page asks about a follow-up at once."""
    if _is_ahead(request, row):
        return _to_day(row)
    booking.finish(appointment=row.pk, by=request.by)
    undoing.offer(request, row.pk, "finished")
    return redirect("office:my_visit", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.CONDUCT_VISITS, scope=scope.own_visit, refused=times_page)
def follow_up(request: StaffRequest, row: Appointment) -> Answer:
    """Offers three times from so many weeks after the visit on; POST takes one of them (R18)."""
    if request.method != "POST":
        return times_page(request, row, form=FollowUpForm(request.GET or {"weeks": WEEKS[0]}, visit=row))
    form = TakeTimeForm(request.POST, visit=row)
    if not form.is_valid():
        return times_page(request, row, form=form)
    if Slot.objects.filter(pk=form.cleaned_data["slot"]).exclude(doctor=row.doctor_id).exists():
        raise Http404
    made = booking.by_doctor(
        slot=form.cleaned_data["slot"],
        service=form.cleaned_data["service"],
        follow_up_of=row,
        key=f"follow-up:{form.cleaned_data['key']}",
        remind="remind" in request.POST,
        by=request.by,
    )
    undoing.offer_booked(request, made)
    return redirect("office:my_visit", made.pk)


def my_day_again(request: StaffRequest, row: Appointment, *, error: DomainError) -> HttpResponseBase:
    messages.error(request, str(error))
    return redirect("office:my_day")


@require_POST
@staff_view(Permission.CONDUCT_VISITS, scope=scope.own_visit, refused=or_sent_again(my_day_again))
def informed(request: StaffRequest, row: Appointment) -> Answer:
    """«Сообщено» leads back to the day the patient came from."""
    booking.mark_informed(appointment=row.pk, by=request.by)
    messages.success(request, _("Told to the patient: %(time)s.") % {"time": spoken_time(row.local_start)})
    return redirect("office:my_day")


def _is_ahead(request: StaffRequest, row: Appointment) -> bool:
    """Tells the doctor that a visit of a later day is neither begun nor finished today."""
    ahead = row.local_start.date() > today_on(row.local_start)
    if ahead:
        messages.error(request, _("This visit is on another day. Start it when the patient is here."))
    return ahead


def _to_day(row: Appointment) -> HttpResponseBase:
    return redirect(f"{reverse('office:my_day')}?date={row.local_start.date()}")

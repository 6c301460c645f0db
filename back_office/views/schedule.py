"""The schedule of each doctor is shown and published here (R10)."""

from datetime import date

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

import booking
from back_office import scope
from back_office.answers import status_of
from back_office.forms.schedule import TermForm
from back_office.presenters.schedule import DoctorRow, DoctorsPage, PublishPage, WeekPage, WrongTermPage, next_week
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.idempotency.once import A_DAY
from scheduling.errors import ShiftConflict
from scheduling.models import Doctor, Shift
from scheduling.queries import schedule as reads


@require_safe
@staff_view(Permission.KEEP_SCHEDULE)
def doctors(request: StaffRequest) -> Answer:
    today = timezone.localdate()
    rows = [DoctorRow.of(hours, today) for hours in reads.doctors(today)]
    return Page("back_office/schedule/doctors.html", DoctorsPage(rows), shows=())


@require_safe
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.doctor)
def doctor_schedule(request: StaffRequest, doctor: Doctor) -> Answer:
    today = timezone.localdate()
    content = WeekPage.of(doctor, _day(request.GET.get("week"), today), today)
    return Page("back_office/schedule/doctor.html", content, shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.doctor, once=A_DAY)
def publish(request: StaffRequest, doctor: Doctor) -> Answer:
    """Previews the days in the address; POST publishes exactly those."""
    form = TermForm(request.POST or request.GET or next_week(timezone.localdate()))
    if not form.is_valid():
        return Page("back_office/schedule/publish.html", WrongTermPage(doctor, form), shows=(), status=422)
    if request.method != "POST":
        return Page("back_office/schedule/publish.html", PublishPage.of(doctor, form), shows=())
    try:
        shifts = booking.publish(
            doctor=doctor,
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            by=request.by,
        )
    except ShiftConflict as error:
        content = PublishPage.of(doctor, form, error)
        return Page("back_office/schedule/publish.html", content, shows=(), status=status_of(error))
    messages.success(request, _published(shifts))
    return redirect(f"{reverse('office:publish', args=[doctor.pk])}?{urlencode(form.cleaned_data)}")


def _published(shifts: list[Shift]) -> str:
    if not shifts:
        return _("Everything on these days was published already.")
    return ngettext("%(count)d shift is published.", "%(count)d shifts are published.", len(shifts)) % {
        "count": len(shifts)
    }


def _day(text: str | None, default: date) -> date:
    """Reads a day from the address; what cannot be understood is today."""
    try:
        day = parse_date(text or "") or default
    except ValueError:
        return default
    return day if 2000 <= day.year <= 2100 else default

"""A doctor's days away are kept here; visits that fall into them are shown first and never cancelled silently."""

from typing import cast

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope
from back_office.forms.schedule import AbsenceForm
from back_office.presenters.absences import AbsencePage, NewAbsencePage, ShownAbsence
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.idempotency.once import A_DAY
from scheduling.models import Absence, Doctor
from scheduling.queries.schedule import visits_between
from worklist import queries as worklist


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.doctor, once=A_DAY)
def add(request: StaffRequest, doctor: Doctor) -> Answer:
    today = timezone.localdate()
    form = AbsenceForm(request.POST or None, initial={"first_day": today, "last_day": today})
    valid = form.is_valid()
    visits = list(visits_between(doctor.pk, form.starts_at, form.ends_at)) if valid else []
    if not valid or (visits and "seen" not in request.POST):
        content = NewAbsencePage(doctor, form, visits)
        status, shows = 422 if form.errors else 200, [visit.patient_id for visit in visits]
        return Page("back_office/schedule/absence_add.html", content, shows=shows, status=status)
    made = booking.add_absence(data=form.absence(doctor), by=request.by)
    messages.success(request, _written(made))
    return redirect("office:absence", made.pk) if visits else redirect("office:doctor_schedule", doctor.pk)


@require_safe
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.absence)
def absence(request: StaffRequest, row: Absence) -> Answer:
    doctor = cast(Doctor, row.doctor)  # the scope leaves out what is of nobody
    visits = list(visits_between(doctor.pk, row.starts_at, row.ends_at))
    progress = worklist.progress([row.pk]).get(row.pk)
    content = AbsencePage(ShownAbsence.of(row), doctor, visits, progress)
    return Page("back_office/schedule/absence.html", content, shows=[visit.patient_id for visit in visits])


@require_POST
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.absence)
def remove(request: StaffRequest, row: Absence) -> Answer:
    booking.remove_absence(absence=row, by=request.by)
    messages.success(request, _("The doctor works on these days again. Times closed because of it are free."))
    return redirect("office:doctor_schedule", row.doctor_id)


def _written(absence: Absence) -> str:
    """Says what is closed, and how many patients the desk and the contact centre have to phone because of it."""
    said = _("The days away are written down. Free times of these days are closed.")
    done, made = worklist.progress([absence.pk]).get(absence.pk, (0, 0))
    if waiting := made - done:
        said += " " + ngettext(
            "%(number)s visit waits for re-booking: the desk and the contact centre phone the patient.",
            "%(number)s visits wait for re-booking: the desk and the contact centre phone the patients.",
            waiting,
        ) % {"number": waiting}
    return said

"""Absences are kept here: of doctors, and the closures of rooms, locations and the clinic.

Visits that fall into one are shown first and never cancelled silently.
"""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope
from back_office.forms.absences import AbsenceForm, ClosureForm
from back_office.forms.refused import refused
from back_office.presenters.absences import AbsencePage, Back, ClosuresPage, NewAbsencePage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from scheduling.models import Absence, Appointment, Doctor
from scheduling.models.absence import Whose
from scheduling.queries import openness
from scheduling.queries.day import visits_with_people
from worklist import queries as worklist


def _add_again(request: StaffRequest, doctor: Doctor, *, error: DomainError) -> Page:
    whose = Whose(doctor)
    return _page(request, refused(AbsenceForm(request.POST, whose=whose), error), [], whose)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.doctor, refused=_add_again, once=A_DAY)
def add(request: StaffRequest, doctor: Doctor) -> Answer:
    whose = Whose(doctor)
    return _added(request, AbsenceForm(request.POST or None, initial=_today(), whose=whose), whose)


def _close_again(request: StaffRequest, *, error: DomainError) -> Page:
    return _page(request, refused(ClosureForm(request.POST), error), [], Whose())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_SCHEDULE, refused=_close_again, once=A_DAY)
def close(request: StaffRequest) -> Answer:
    return _added(request, ClosureForm(request.POST or None, initial=_today()), Whose())


@require_safe
@staff_view(Permission.KEEP_SCHEDULE)
def closures(request: StaffRequest) -> Answer:
    return Page("back_office/schedule/closures.html", ClosuresPage.of(), shows=())


@require_safe
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.absence)
def absence(request: StaffRequest, row: Absence) -> Answer:
    visits = _visits(row.whose, row)
    content = AbsencePage.of(row, visits, worklist.progress([row.pk]).get(row.pk), names=_sees_names(request))
    return Page("back_office/schedule/absence.html", content, shows=_shown(content))


@require_POST
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.absence)
def remove(request: StaffRequest, row: Absence) -> Answer:
    booking.remove_absence(absence=row, by=request.by)
    if row.doctor:
        messages.success(request, _("The doctor works on these days again. Times closed because of it are free."))
    else:
        messages.success(request, _("It is open again. Times closed because of it are free."))
    return redirect(Back.of(row.whose).url)


def _added(request: StaffRequest, form: AbsenceForm, whose: Whose) -> Answer:
    """Writes the absence down; where visits fall into it, only once they have been seen."""
    valid = form.is_valid()
    visits = _visits(form.whose, form) if valid else []
    if not valid or (visits and "seen" not in request.POST):
        return _page(request, form, visits, whose)
    made = booking.add_absence(data=form.absence(), by=request.by)
    messages.success(request, _written(made))
    return redirect("office:absence", made.pk) if visits else redirect(Back.of(whose).url)


def _page(request: StaffRequest, form: AbsenceForm, visits: list[Appointment], whose: Whose) -> Page:
    content = NewAbsencePage.of(form, visits, whose, names=_sees_names(request))
    status = 422 if form.errors else 200
    return Page("back_office/schedule/absence_add.html", content, shows=_shown(content), status=status)


def _sees_names(request: StaffRequest) -> bool:
    """Tells whether this person may know whose visits they are; others are told when and how many (O29)."""
    return request.user.may(Permission.SEE_DAY)


def _shown(page: AbsencePage | NewAbsencePage) -> list[UUID]:
    return [visit.patient_id for visit in page.visits] if page.names else []


def _visits(whose: Whose, span: Absence | AbsenceForm) -> list[Appointment]:
    found = openness.visits_inside(whose, span.starts_at, span.ends_at)
    return list(visits_with_people(found).order_by("starts_at", "pk"))


def _today() -> dict[str, object]:
    today = timezone.localdate()
    return {"first_day": today, "last_day": today}


def _written(absence: Absence) -> str:
    """Says what is closed, and how many patients the desk and the contact centre have to phone because of it."""
    of_doctor = _("The days away are written down. Free times of these days are closed.")
    said = of_doctor if absence.doctor else _("Written down. Free times of these hours are closed.")
    done, made = worklist.progress([absence.pk]).get(absence.pk, (0, 0))
    if waiting := made - done:
        said += " " + ngettext(
            "%(number)s visit waits for re-booking: the desk and the contact centre phone the patient.",
            "%(number)s visits wait for re-booking: the desk and the contact centre phone the patients.",
            waiting,
        ) % {"number": waiting}
    return said

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope
from back_office.answers import status_of
from back_office.forms.emergencies import CaseForm, EmergencyDayForm, case_of, urgency_of
from back_office.presenters.alarm import AlarmPart
from back_office.presenters.emergencies import CasePage, CasePatientPage, CasesPage, EmergencyDayPage
from back_office.scope import CaseOfPatient
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.way_back import way_back, with_way_back
from foundation.accounts.choices import Permission
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from scheduling.models import EmergencyCase
from scheduling.queries.schedule import at_work_now
from worklist import duty

PER_PAGE = 30
ONE_PRESS = timedelta(minutes=2)
"""The same button pressed later, on a page that was left open, is another emergency: better a case too many."""
ALARM = "back_office/emergency/_alarm.html"


@require_safe
@staff_view(Permission.EMERGENCY)
def cases(request: StaffRequest) -> Answer:
    rows = EmergencyCase.objects.select_related("doctor")
    closed = Paginator(rows.filter(closed_at__isnull=False), PER_PAGE).get_page(request.GET.get("page"))
    content = CasesPage(open_cases=rows.filter(closed_at=None), page_obj=closed, at_work=at_work_now())
    return Page("back_office/emergency/list.html", content, shows=())


@require_safe
@staff_view(Permission.EMERGENCY)
def of_day(request: StaffRequest) -> Answer:
    content = EmergencyDayPage.of(EmergencyDayForm(request.GET))
    shows = [case.patient_id for case in content.cases if case.patient_id]
    return Page("back_office/emergency/day.html", content, shows=shows)


@require_safe
@staff_view(Permission.EMERGENCY)
def alarm(request: StaffRequest) -> Answer:
    """Sends the red bar to a page that is open, and nothing when it would look the same."""
    duty.note(request.by)
    content = AlarmPart.of(rides="rides" in request.GET)
    return HttpResponse(status=204) if request.GET.get("seen") == content.seen else Page(ALARM, content, shows=())


@require_POST
@staff_view(Permission.EMERGENCY, once=ONE_PRESS)
def open_case(request: StaffRequest) -> Answer:
    """Opens a case by one click (R14); `urgency=urgent` is the consultation without an ambulance (R19).

    With scripts the page that it interrupts stays as it is, with what is typed there; without them there is a way back.
    """
    case = booking.open_emergency(by=request.by, urgency=urgency_of(request.POST), another="another" in request.POST)
    if request.htmx:
        return Page(ALARM, AlarmPart.of(rides="rides" in request.POST, opened=case.pk), shows=())
    return redirect(with_way_back(reverse("office:emergency", args=[case.pk]), request))


def _told_by_two(request: StaffRequest, row: EmergencyCase, *, error: DomainError) -> Answer:
    form = case_of(row, request.POST)
    form.refuse(error)
    return case_page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EMERGENCY, scope=scope.emergency, refused=_told_by_two)
def case(request: StaffRequest, row: EmergencyCase) -> Answer:
    form = case_of(row, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return case_page(request, row, form)
    closes, told = "close" in request.POST, form.changes({name: form.cleaned_data[name] for name in CaseForm.COLUMNS})
    booking.describe_emergency(case=row.pk, changes=told, closes=closes, by=request.by)
    if closes:
        messages.success(request, _("The case is closed."))
        return redirect("office:emergencies")
    messages.success(request, _("Saved."))
    return redirect(with_way_back(reverse("office:emergency", args=[row.pk]), request))


def case_page(
    request: StaffRequest, row: EmergencyCase, form: CaseForm | None = None, *, error: DomainError | None = None
) -> Page:
    form = form or case_of(row)
    reason, back = request.POST.get("reason", ""), way_back(request)
    content = CasePage.of(row, form, by=request.by.ref, back=back, error=sentence_of(error), reason=reason)
    shows = [row.patient_id] if row.patient_id else []
    status = status_of(error) if error else 200
    return Page("back_office/emergency/case.html", content, shows=shows, status=status, where="office:emergency")


@require_POST
@staff_view(Permission.EMERGENCY, scope=scope.emergency)
def take(request: StaffRequest, row: EmergencyCase) -> Answer:
    """Takes the case off every screen; whoever comes second is told who was first."""
    taken = booking.take_emergency(case=row.pk, by=request.by)
    if request.htmx:
        return Page(ALARM, AlarmPart.of(rides="rides" in request.POST), shows=())
    if taken.taken_by != request.by.ref:
        messages.warning(request, _("%(name)s has taken it already.") % {"name": taken.taken_by_name})
    return redirect(with_way_back(reverse("office:emergency", args=[row.pk]), request))


@require_POST
@staff_view(Permission.EMERGENCY, scope=scope.emergency, refused=case_page)
def mistake(request: StaffRequest, row: EmergencyCase) -> Answer:
    booking.mark_emergency_mistaken(case=row.pk, reason=request.POST.get("reason", ""), by=request.by)
    messages.success(request, _("The case is closed as opened by mistake."))
    return redirect("office:emergency", row.pk)


@require_POST
@staff_view(Permission.EMERGENCY, scope=scope.emergency)
def reopen(request: StaffRequest, row: EmergencyCase) -> Answer:
    booking.reopen_emergency(case=row.pk, by=request.by)
    return redirect("office:emergency", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.SEE_PATIENTS, scope=scope.emergency_of_patient)
def patient(request: StaffRequest, found: CaseOfPatient) -> Answer:
    """Asks whether this is the patient, and joins the case with their record; without one it parts them."""
    if request.method != "POST" and found.patient:
        content = CasePatientPage(found.case, found.patient)
        return Page("back_office/emergency/patient.html", content, shows=[found.patient.pk])
    if request.method == "POST":
        booking.link_emergency(case=found.case.pk, patient=found.patient, by=request.by)
    return redirect("office:emergency", found.case.pk)

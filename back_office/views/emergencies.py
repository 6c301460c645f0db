from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope
from back_office.forms.emergencies import CaseForm, urgency_of
from back_office.presenters.emergencies import CasePage, CasesPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from scheduling.models import EmergencyCase
from scheduling.queries.schedule import at_work_now

PER_PAGE = 30
ONE_PRESS = timedelta(minutes=2)
"""The same button pressed later, on a page that was left open, is another emergency: better a case too many."""


@require_safe
@staff_view(Permission.EMERGENCY)
def cases(request: StaffRequest) -> Answer:
    rows = EmergencyCase.objects.select_related("doctor")
    closed = Paginator(rows.filter(closed_at__isnull=False), PER_PAGE).get_page(request.GET.get("page"))
    content = CasesPage(open_cases=rows.filter(closed_at=None), page_obj=closed, at_work=at_work_now())
    return Page("back_office/emergency/list.html", content, shows=())


@require_POST
@staff_view(Permission.EMERGENCY, once=ONE_PRESS)
def open_case(request: StaffRequest) -> Answer:
    """Opens a case by one click (R14); `urgency=urgent` is the consultation without an ambulance (R19)."""
    case = booking.open_emergency(by=request.by, urgency=urgency_of(request.POST))
    return redirect("office:emergency", case.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EMERGENCY, scope=scope.emergency)
def case(request: StaffRequest, row: EmergencyCase) -> Answer:
    form = CaseForm(request.POST if request.method == "POST" else None, initial=vars(row) | {"doctor": row.doctor_id})
    if not form.is_valid():
        return Page("back_office/emergency/case.html", CasePage(row, form, at_work_now()), shows=())
    closes, told = "close" in request.POST, form.cleaned_data
    booking.describe_emergency(
        case=row.pk,
        by=request.by,
        person=told["person"],
        description=told["description"],
        ambulance_reference=told["ambulance_reference"],
        doctor=told["doctor"],
        outcome=told["outcome"],
        closes=closes,
    )
    if closes:
        messages.success(request, _("The case is closed."))
        return redirect("office:emergencies")
    messages.success(request, _("Saved."))
    return redirect("office:emergency", row.pk)

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from back_office.actor import actor_of
from back_office.forms.emergencies import CaseForm, urgency_of
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from scheduling.actions import emergencies
from scheduling.models import EmergencyCase
from scheduling.queries.schedule import at_work_now

PER_PAGE = 30


@require_safe
@requires(Permission.EMERGENCY)
def cases(request: HttpRequest) -> HttpResponse:
    rows = EmergencyCase.objects.select_related("doctor")
    closed = Paginator(rows.filter(closed_at__isnull=False), PER_PAGE).get_page(request.GET.get("page"))
    context = {"open_cases": rows.filter(closed_at=None), "page_obj": closed, "at_work": at_work_now()}
    return render(request, "back_office/emergency/list.html", context)


@require_POST
@requires(Permission.EMERGENCY)
def open_case(request: HttpRequest) -> HttpResponse:
    """One click from every page (R14); `urgency=urgent` is the consultation without an ambulance (R19)."""
    case = emergencies.open_case(by=actor_of(request), urgency=urgency_of(request.POST))
    return redirect("office:emergency", case.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EMERGENCY)
def case(request: HttpRequest, case_id) -> HttpResponse:
    row = get_object_or_404(EmergencyCase.objects.select_related("doctor"), pk=case_id)
    form = CaseForm(request.POST if request.method == "POST" else None, initial=vars(row) | {"doctor": row.doctor_id})
    if form.is_valid():
        emergencies.describe(case=row.pk, by=actor_of(request), **form.cleaned_data)
        if "close" in request.POST:
            emergencies.close(case=row.pk, by=actor_of(request))
            messages.success(request, _("The case is closed."))
            return redirect("office:emergencies")
        messages.success(request, _("Saved."))
        return redirect("office:emergency", row.pk)
    context = {"case": row, "form": form, "at_work": at_work_now()}
    return render(request, "back_office/emergency/case.html", context)

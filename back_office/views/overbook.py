from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

import booking
from back_office import scope
from back_office.forms.booking import OverbookForm
from back_office.presenters.overbook import OverbookPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.wording import spoken_time
from scheduling.models import Slot


def _form(request: StaffRequest, slot: Slot) -> OverbookForm:
    patient = request.GET.get("patient")
    services = slot.doctor.services.filter(active=True)
    return OverbookForm(request.POST or None, initial={"patient": patient}, services=services)


def overbook_page(request: StaffRequest, slot: Slot, *, error: DomainError | None = None) -> Page:
    patient, form = scope.patient_in_query(request), _form(request, slot)
    content = OverbookPage(slot, spoken_time(slot.local_start), patient, form, str(error or ""))
    status, shows = 422 if form.is_bound else 200, [patient.pk] if patient else []
    return Page("back_office/desk/overbook.html", content, shows=shows, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.OVERBOOK, scope=scope.whole_slot, refused=overbook_page)
def overbook(request: StaffRequest, slot: Slot) -> Answer:
    """Books over a busy time for a reason that is written down."""
    patient, form = scope.patient_in_query(request), _form(request, slot)
    if patient is None or not form.is_valid():
        return overbook_page(request, slot)
    made = booking.overbook(
        patient=patient,
        service=form.cleaned_data["service"],
        doctor=slot.doctor,
        room=slot.shift.room,
        starts_at=slot.starts_at,
        reason=form.cleaned_data["reason"],
        channel=request.channel,
        by=request.by,
    )
    return redirect("office:appointment", made.pk)

"""Times of a published shift are closed and opened here, or the whole of it is withdrawn."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import scope
from back_office.forms.refused import refused
from back_office.forms.schedule import SlotsForm
from back_office.presenters.shifts import ShiftPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from scheduling.errors import BookingError, ScheduleError
from scheduling.models import Shift

TEMPLATE = "back_office/schedule/shift.html"


@require_safe
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.shift)
def shift(request: StaffRequest, row: Shift) -> Answer:
    return Page(TEMPLATE, ShiftPage.of(row), shows=())


def _slots_again(request: StaffRequest, row: Shift, *, error: DomainError) -> Page:
    return Page(TEMPLATE, ShiftPage.of(row, refused(_slots_form(request, row), error)), shows=())


def _slots_form(request: StaffRequest, row: Shift) -> SlotsForm:
    return SlotsForm(request.POST, shift=row, closing="close" in request.POST)


@require_POST
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.shift, refused=_slots_again)
def slots(request: StaffRequest, row: Shift) -> Answer:
    """Closes or opens the ticked times."""
    closing, form = "close" in request.POST, _slots_form(request, row)
    if not form.is_valid():
        return Page(TEMPLATE, ShiftPage.of(row, form), shows=(), status=422)
    ids = [slot.pk for slot in form.cleaned_data["slots"]]
    try:
        if closing:
            booking.block(slots=ids, reason=form.cleaned_data["reason"], by=request.by)
        else:
            booking.unblock(slots=ids, by=request.by)
    except BookingError:
        form.add_error("slots", _("Some of these times are booked or held by now. Tick free ones."))
        return Page(TEMPLATE, ShiftPage.of(row, form), shows=(), status=422)
    messages.success(request, _("The times are closed.") if closing else _("The times are open again."))
    return redirect("office:shift", row.pk)


@require_POST
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.shift)
def withdraw(request: StaffRequest, row: Shift) -> Answer:
    try:
        booking.withdraw(shift=row, by=request.by)
    except ScheduleError as error:
        messages.error(request, str(error))
        return redirect("office:shift", row.pk)
    messages.success(request, _("The shift is withdrawn."))
    return redirect(f"{reverse('office:doctor_schedule', args=[row.doctor_id])}?week={row.date}")

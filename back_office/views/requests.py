"""The operator enters or closes the requests that the desk and the site hand over (R20)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import booking
from back_office import scope
from back_office.staff_view import Answer, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from waitlist.models import WaitlistRequest


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over)
def enter_request(request: StaffRequest, row: WaitlistRequest) -> Answer:
    """Puts the request on the waitlist by one click: nothing is typed again."""
    entry = booking.enter_request(request=row.pk, by=request.by)
    address, name = reverse("office:entry", args=[entry.pk]), entry.patient.full_name
    messages.success(request, format_html('{} <a href="{}">{}</a>', _("On the waitlist:"), address, name))
    return redirect("office:calls")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over)
def close_request(request: StaffRequest, row: WaitlistRequest) -> Answer:
    booking.close_request(request=row.pk, by=request.by)
    messages.success(request, _("The request is closed."))
    return redirect("office:calls")

"""Undoes the last step of the person who is signed in, from whatever page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import booking
from back_office import undoing
from back_office.forms.ids import as_uuid
from back_office.staff_view import Answer, StaffRequest, staff_view
from back_office.way_back import way_back
from foundation.accounts.choices import Permission


@require_POST
@staff_view(Permission.OFFICE)
def undo(request: StaffRequest) -> Answer:
    """The verb undoes a person's own step alone, so it needs no other permission than that of the step."""
    visit, step = as_uuid(request.POST.get("visit")), request.POST.get("step", "")
    if visit is None or step not in undoing.DONE:
        raise Http404
    booking.undo(appointment=visit, step=step, by=request.by)
    messages.success(request, _("Undone."))
    response = redirect(way_back(request) or "office:home")
    undoing.forget(response)
    return response

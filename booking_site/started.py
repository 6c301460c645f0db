from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from booking_site.booking import to_visit
from booking_site.flow import Flow
from scheduling.models import Appointment


def with_chosen_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the visitor's flow. A form sent again after the booking leads to that booking.

    A form opened for another time than the one chosen last, in another tab, is shown anew before anything is done.
    """

    @wraps(view)
    def found(request: HttpRequest) -> HttpResponse:
        flow = Flow(request.session)
        if flow.made:
            return to_visit(get_object_or_404(Appointment, pk=flow.made))
        if not flow.has_time:
            messages.info(request, _("Choose a time first."))
            return redirect("site:choose")
        if request.POST.get("slot", str(flow.slot_id)) != str(flow.slot_id):
            if "last_name" in request.POST:
                flow.keep_typed(request.POST)
            messages.warning(request, _("You have chosen another time meanwhile. Check it and continue."))
            return redirect("site:details")
        response = view(request, flow)
        response["Cache-Control"] = "private, no-store"
        return response

    return found

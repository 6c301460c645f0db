from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from booking_site.booking import book
from booking_site.flow import Checked, Flow
from booking_site.forms.details import DetailsForm
from booking_site.refusals import cannot_book, first_visits_only
from booking_site.started import with_chosen_time
from booking_site.visitor import visitor_of
from foundation.accounts.access import public
from notifications.errors import CodeProblem, CodeTooSoon
from scheduling.errors import BookingError, SlotTaken
from scheduling.queries.read_models import ShownSlot


@require_http_methods(["GET", "HEAD", "POST"])
@public
@first_visits_only
@with_chosen_time
def details(request: HttpRequest, flow: Flow) -> HttpResponse:
    if request.method == "POST":
        flow.keep_typed(request.POST)
    if (slot := flow.slot) is None:
        return cannot_book(request, SlotTaken(), slot_id=flow.slot_id, service=flow.service)
    if request.method != "POST":
        return _page(request, flow, slot, DetailsForm(initial=flow.typed, slot=slot))
    form = flow.check_typed(slot)
    if not form.is_valid() or (checked := flow.checked) is None:
        return _page(request, flow, slot, form, status=422)
    try:
        flow.keep_holding(by=visitor_of(request))
    except BookingError as error:
        return cannot_book(request, error, slot_id=slot.pk, service=flow.service)
    return _prove_phone(request, flow, slot, form, checked)


@require_POST
@public
@with_chosen_time
def extend(request: HttpRequest, flow: Flow) -> HttpResponse:
    """More time for whoever needs it; what is typed so far comes along."""
    if "last_name" in request.POST:
        flow.keep_typed(request.POST)
    try:
        flow.keep_holding(by=visitor_of(request))
    except BookingError as error:
        return cannot_book(request, error, slot_id=flow.slot_id, service=flow.service)
    messages.success(request, _("We keep the time for you a little longer."))
    return redirect("site:details" if "last_name" in request.POST else "site:code")


def _prove_phone(
    request: HttpRequest, flow: Flow, slot: ShownSlot, form: DetailsForm, checked: Checked
) -> HttpResponse:
    """Books at once when this visitor has proved the phone a moment ago, else sends a code."""
    if flow.has_proved(checked.person.phone):
        return book(request, flow, checked, code=None)
    try:
        booking.send_code(phone=checked.person.phone)
    except CodeTooSoon:
        messages.info(request, _("A code is already on its way to this number. Enter that one."))
    except CodeProblem as error:
        form.add_error("phone", str(error))
        return _page(request, flow, slot, form, status=422)
    flow.note_code(checked.person.phone)
    return redirect("site:code")


def _page(request: HttpRequest, flow: Flow, slot: ShownSlot, form: DetailsForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "slot": slot, "service": flow.service, "held_until": flow.held_until(slot)}
    return render(request, "booking_site/details.html", context, status=status)

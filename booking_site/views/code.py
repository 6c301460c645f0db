from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from booking.site import TypedCode
from booking_site.booking import book
from booking_site.flow import Flow
from booking_site.forms.code import CodeForm
from booking_site.refusals import cannot_book, first_visits_only
from booking_site.started import with_chosen_time
from foundation.accounts.access import public
from foundation.text import phones
from notifications.errors import CodeProblem
from scheduling.errors import SlotTaken


@require_http_methods(["GET", "HEAD", "POST"])
@public
@first_visits_only
@with_chosen_time
def code(request: HttpRequest, flow: Flow) -> HttpResponse:
    if (checked := flow.sent_code) is None:
        return redirect("site:details")
    phone = checked.person.phone
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return book(request, flow, checked, code=_to_check(flow, phone, form.cleaned_data["code"]))
        except CodeProblem as error:
            form.add_error("code", str(error))
    if (slot := flow.slot) is None:
        return cannot_book(request, SlotTaken(), slot_id=flow.slot_id, service=flow.service)
    context = {
        "form": form,
        "slot": slot,
        "service": flow.service,
        "held_until": flow.held_until(slot),
        "phone": phones.shown(phone),
    }
    return render(request, "booking_site/code.html", context, status=422 if form.is_bound else 200)


@require_POST
@public
@with_chosen_time
def again(request: HttpRequest, flow: Flow) -> HttpResponse:
    if (checked := flow.sent_code) is None:
        return redirect("site:details")
    try:
        booking.send_code(phone=checked.person.phone)
        messages.success(request, _("A new code is sent."))
    except CodeProblem as error:
        messages.warning(request, str(error))
    return redirect("site:code")


def _to_check(flow: Flow, phone: str, digits: str) -> TypedCode | None:
    """The second of two equal forms comes when the first has proved the phone already."""
    return None if flow.has_proved(phone) else TypedCode(digits)

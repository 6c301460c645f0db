from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking_site.booking import book, to_visit
from booking_site.flow import Flow
from booking_site.forms.code import CodeForm
from booking_site.views.refusals import first_visits_only
from booking_site.views.started import with_chosen_time
from clinic.accounts.access import public
from notifications.actions import phone_codes
from notifications.errors import CodeProblem


@require_http_methods(["GET", "HEAD", "POST"])
@public
@first_visits_only
@with_chosen_time
def code(request: HttpRequest, flow: Flow) -> HttpResponse:
    slot = flow.slot
    details = flow.checked_details(slot)
    if details is None:
        return redirect("site:details")
    phone = details.person().phone
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _prove(flow, phone, form.cleaned_data["code"])
        except CodeProblem as error:
            form.add_error("code", str(error))
        else:
            return to_visit(flow.made) if flow.made else book(request, flow, details)
    context = {"form": form, "slot": slot, "service": flow.service, "held_until": flow.held_until(slot)}
    status = 422 if form.is_bound else 200
    return render(request, "site/code.html", {**context, "phone": details.cleaned_data["phone"]}, status=status)


@require_POST
@public
@with_chosen_time
def again(request: HttpRequest, flow: Flow) -> HttpResponse:
    details = flow.checked_details(flow.slot)
    if details is None:
        return redirect("site:details")
    try:
        phone_codes.send(phone=details.person().phone)
        messages.success(request, _("A new code is sent."))
    except CodeProblem as error:
        messages.warning(request, str(error))
    return redirect("site:code")


def _prove(flow: Flow, phone: str, code: str) -> None:
    """Raises CodeProblem. The second of two equal requests proves it by the same code."""
    if not flow.has_proved(phone):
        phone_codes.check(phone=phone, code=code)
        flow.prove(phone)

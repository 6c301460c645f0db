"""Visitors prove their phone by the code from an SMS (T52)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from booking.site import TypedCode
from booking_site import scope
from booking_site.booking import book
from booking_site.flow import Flow
from booking_site.forms.code import CodeForm
from booking_site.presenters.code import CodePage
from booking_site.refusals import cannot_book
from booking_site.site_view import PRIVATE, Answer, Page, SiteRequest, site_view
from notifications.errors import CodeProblem


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.chosen_time, refused=cannot_book, headers=PRIVATE)
def code(request: SiteRequest, flow: Flow) -> Answer:
    if (checked := flow.sent_code) is None:
        return redirect("site:details")
    phone, form = checked.person.phone, CodeForm(request.POST or None, initial=request.typed_again)
    if request.method == "POST" and form.is_valid():
        try:
            return book(flow, checked, code=_to_check(flow, phone, form.cleaned_data["code"]), by=request.by)
        except CodeProblem as error:
            form.add_error("code", str(error))
    content = CodePage.of(flow, form, phone=phone, by=request.by)
    return Page("booking_site/code.html", content, status=422 if form.is_bound else 200)


@require_POST
@site_view(scope=scope.chosen_time, refused=cannot_book, headers=PRIVATE)
def again(request: SiteRequest, flow: Flow) -> Answer:
    if (checked := flow.sent_code) is None:
        return redirect("site:details")
    try:
        booking.send_code(phone=checked.person.phone, by=request.by, by_call=(by_call := "call" in request.POST))
        messages.success(request, _("We are calling this number.") if by_call else _("A new code is sent."))
    except CodeProblem as error:
        messages.warning(request, str(error))
    return redirect("site:code")


def _to_check(flow: Flow, phone: str, digits: str) -> TypedCode | None:
    """Returns no code once the phone is proved: the form may have been sent twice."""
    return None if flow.has_proved(phone) else TypedCode(digits)

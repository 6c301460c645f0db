"""Visitors prove a phone before a time is kept for them, where strangers hold many (T110)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import booking
from booking_site import scope
from booking_site.booking import go_on
from booking_site.forms.code import CodeForm
from booking_site.forms.prove import PhoneToProveForm
from booking_site.presenters.prove import ProveCodePage, ProvePage
from booking_site.refusals import cannot_book
from booking_site.scope import WantedTime
from booking_site.site_view import PRIVATE, Answer, Page, SiteRequest, site_view
from notifications.errors import CodeProblem, CodeTooSoon


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.wanted_time, refused=cannot_book, headers=PRIVATE)
def prove(request: SiteRequest, wanted: WantedTime) -> Answer:
    """Sends a code to the phone; sent again, a new one."""
    known = {"phone": wanted.flow.typed.get("phone", "")}
    form = PhoneToProveForm(request.POST or None, initial=known | request.typed_again)
    if request.method == "POST" and form.is_valid() and _sent(request, form):
        wanted.flow.note_proving(form.cleaned_data["phone"])
        return redirect("site:prove_code")
    return Page("booking_site/prove.html", ProvePage.of(wanted, form), status=422 if form.is_bound else 200)


def _sent(request: SiteRequest, form: PhoneToProveForm) -> bool:
    try:
        booking.send_code(phone=form.cleaned_data["phone"], by=request.by)
    except CodeTooSoon:
        messages.info(request, _("A code is already on its way to this number. Enter that one."))
    except CodeProblem as error:
        form.add_error("phone", str(error))
    return form.is_valid()


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.wanted_time, refused=cannot_book, headers=PRIVATE)
def prove_code(request: SiteRequest, wanted: WantedTime) -> Answer:
    """Keeps the time as soon as the code is right, and the booking goes on with it."""
    if not (phone := wanted.flow.proving):
        return redirect("site:prove")
    form = CodeForm(request.POST or None, initial=request.typed_again)
    if request.method == "POST" and form.is_valid():
        try:
            booking.prove_phone(phone=phone, code=form.cleaned_data["code"], by=request.by)
        except CodeProblem as error:
            form.add_error("code", str(error))
        else:
            return _take(request, wanted, phone)
    content = ProveCodePage.of(wanted, form, phone=phone, by=request.by)
    return Page("booking_site/prove_code.html", content, status=422 if form.is_bound else 200)


def _take(request: SiteRequest, wanted: WantedTime, phone: str) -> Answer:
    wanted.flow.prove(phone)
    wanted.flow.take(slot=wanted.slot_id, service=wanted.service, by=request.by)
    return go_on(wanted.flow, by=request.by) if wanted.finish else redirect("site:details")

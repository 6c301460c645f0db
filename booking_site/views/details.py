"""Visitors say who comes at the chosen time."""

from contextlib import suppress

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from booking_site import scope
from booking_site.booking import book, go_on
from booking_site.flow import Checked, Flow
from booking_site.forms.details import DetailsForm
from booking_site.presenters.details import DetailsPage
from booking_site.refusals import cannot_book
from booking_site.site_view import PRIVATE, Answer, Page, SiteRequest, site_view
from notifications.errors import CodeProblem, CodeTooSoon
from scheduling.errors import HoldOver, ProofNeeded


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.chosen_time, refused=cannot_book, headers=PRIVATE)
def details(request: SiteRequest, flow: Flow) -> Answer:
    if request.method != "POST":
        return _page(flow, DetailsForm(initial=request.typed_again or flow.typed, slot=flow.slot_still_there()))
    flow.keep_typed(request.POST)
    form = flow.check_typed(flow.slot_still_there())
    if not form.is_valid() or (checked := flow.checked) is None:
        return _page(flow, form, status=422)
    with suppress(HoldOver, ProofNeeded):  # it can still be booked while it is free
        flow.keep_holding(by=request.by)
    return _prove_phone(request, flow, form, checked)


@require_POST
@site_view(scope=scope.chosen_time, refused=cannot_book, headers=PRIVATE)
def extend(request: SiteRequest, flow: Flow) -> Answer:
    """Keeps the time a little longer for whoever needs it; what is typed so far comes along."""
    flow.keep_what_is_sent(request.POST)
    try:
        flow.keep_holding(by=request.by)
        messages.success(request, _("We keep the time for you a little longer."))
    except (HoldOver, ProofNeeded) as error:
        messages.warning(request, str(error))
    return redirect("site:details" if "last_name" in request.POST else "site:code")


@require_POST
@site_view(scope=scope.chosen_time, refused=cannot_book, headers=PRIVATE)
def once_more(request: SiteRequest, flow: Flow) -> Answer:
    """The visitor wants one more visit like the one that is ahead."""
    flow.want_again()
    return go_on(flow, by=request.by)


@require_POST
@site_view(scope=scope.chosen_time, refused=cannot_book, headers=PRIVATE)
def enough(request: SiteRequest, flow: Flow) -> Answer:
    """The visit that is ahead is enough: the time chosen for one more is free at once."""
    flow.let_go(by=request.by)
    return redirect("site:home")


def _prove_phone(request: SiteRequest, flow: Flow, form: DetailsForm, checked: Checked) -> Answer:
    """Books at once when this visitor has proved the phone a moment ago, else sends a code."""
    if flow.has_proved(checked.person.phone):
        return book(flow, checked, code=None, by=request.by)
    try:
        booking.send_code(phone=checked.person.phone, by=request.by)
    except CodeTooSoon:
        messages.info(request, _("A code is already on its way to this number. Enter that one."))
    except CodeProblem as error:
        form.add_error("phone", str(error))
        return _page(flow, form, status=422, no_code=True)
    flow.note_code(checked.person.phone)
    return redirect("site:code")


def _page(flow: Flow, form: DetailsForm, *, status: int = 200, no_code: bool = False) -> Page:
    return Page("booking_site/details.html", DetailsPage.of(flow, form, no_code=no_code), status=status)

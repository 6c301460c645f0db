"""Patients see, cancel and move their visits by a link of their own, without an account (T42)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from booking_site import scope
from booking_site.answers import answer_to
from booking_site.calendar import calendar_file
from booking_site.forms.choice import day_from_text
from booking_site.presenters.move import ConfirmMovePage, MovePage
from booking_site.presenters.visit import CancelPage, FixedPage, VisitPage
from booking_site.queries.moves import asked_slot
from booking_site.scope import LinkedVisit
from booking_site.site_view import LINK, LINK_WITH_FORM, Answer, Page, SiteRequest, site_view
from foundation.errors import DomainError
from patients.choices import Channel
from scheduling.choices import CancelReason
from scheduling.errors import SlotTaken, StepNotAllowed
from scheduling.models import Slot


@require_safe
@site_view(scope=scope.linked_visit, headers=LINK_WITH_FORM)
def visit(request: SiteRequest, linked: LinkedVisit) -> Answer:
    return Page("booking_site/visit.html", VisitPage.of(linked.visit, linked.token))


@require_safe
@site_view(scope=scope.linked_visit, headers=LINK)
def calendar(request: SiteRequest, linked: LinkedVisit) -> Answer:
    """Answers also for a visit that was cancelled, so that it leaves the calendar it is in (D45)."""
    return HttpResponse(
        calendar_file(linked.visit),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="visit.ics"'},
    )


def _fixed(request: SiteRequest, linked: LinkedVisit, *, error: DomainError) -> Page:
    return Page("booking_site/visit_fixed.html", FixedPage(linked.token), status=answer_to(error).status)


@require_POST
@site_view(scope=scope.linked_visit, refused=_fixed, headers=LINK_WITH_FORM)
def remind(request: SiteRequest, linked: LinkedVisit) -> Answer:
    """Patients agree to be reminded of the visit, or change their minds."""
    booking.set_reminders(appointment=linked.visit.pk, on=request.POST.get("remind") == "on", by=request.by)
    return redirect("site:visit", token=linked.token)


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.linked_visit, refused=_fixed, headers=LINK_WITH_FORM)
def cancel(request: SiteRequest, linked: LinkedVisit) -> Answer:
    if request.method == "POST":
        booking.cancel(appointment=linked.visit.pk, reason=CancelReason.PATIENT, by=request.by)
        return redirect("site:visit", token=linked.token)
    if not linked.visit.can_be_changed(timezone.now()):
        return redirect("site:visit", token=linked.token)
    return Page("booking_site/visit_cancel.html", CancelPage(linked.visit, linked.token))


def _times(request: SiteRequest, linked: LinkedVisit, *, error: DomainError | None = None) -> Page:
    first = day_from_text(request.GET.get("from"))
    content = MovePage.of(linked.visit, linked.token, first=first, error=error)
    return Page("booking_site/visit_move.html", content, status=answer_to(error).status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.linked_visit, refused=_times, headers=LINK_WITH_FORM)
def move(request: SiteRequest, linked: LinkedVisit) -> Answer:
    """Offers free times, asks once more, and moves the visit."""
    if not linked.visit.can_be_changed(timezone.now()):
        return _fixed(request, linked, error=StepNotAllowed())
    asked = request.POST.get("slot") or request.typed_again.get("slot") or request.GET.get("slot")
    slot = asked_slot(asked, visit=linked.visit)
    if request.method != "POST":
        return _confirm(linked, slot) if slot else _times(request, linked)
    if slot is None:
        raise SlotTaken
    booking.move(appointment=linked.visit.pk, to_slot=slot.pk, channel=Channel.SITE, by=request.by)
    messages.success(request, _("Your visit is moved."))
    return redirect("site:visit", token=linked.token)


def _confirm(linked: LinkedVisit, slot: Slot) -> Page:
    return Page("booking_site/visit_move_confirm.html", ConfirmMovePage(linked.visit, linked.token, slot))

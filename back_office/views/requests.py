"""The operator enters or closes the requests that the desk and the site hand over (R20).

A visitor of the site whom no code reached is phoned, and the time they chose is booked.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import lost_calls, scope, undoing
from back_office.presenters.requests import RequestPage, RequestsPage
from back_office.presenters.visitor import VisitorPage
from back_office.staff_view import Answer, Page, StaffRequest, or_sent_again, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from waitlist.models import WaitlistRequest
from waitlist.queries import requests as waiting
from worklist import queries as worklist
from worklist.choices import TaskKind

WHERE = "office:visitor"


PER_PAGE = 30
NARROWED = {"proved": waiting.PROVED, "unproved": ~waiting.PROVED}


def request_again(request: StaffRequest, row: WaitlistRequest, *, error: DomainError) -> Answer:
    """Shows the request as it is now, with why the step was not done."""
    content = RequestPage.of(row, error=error)
    return Page("back_office/requests/request.html", content, shows=content.patients, where="office:request")


def visitor_page(request: StaffRequest, row: WaitlistRequest, *, error: DomainError) -> Answer:
    """Shows the call to a visitor whom no code reached with why the step was not done, or else the request."""
    task = worklist.open_about(kind=TaskKind.NO_CODE, subject=row.pk)
    if task is None or lost_calls.reason(task, request.by):
        return request_again(request, row, error=error)
    return Page("back_office/calls/visitor.html", VisitorPage.of(row, task, error=error), shows=(), where=WHERE)


@require_safe
@staff_view(Permission.WORK_WAITLIST)
def requests(request: StaffRequest) -> Answer:
    """Lists the requests of the site and the desk by pages, those with a proved phone also apart (W23)."""
    chosen = request.GET.get("phone", "")
    found = waiting.to_enter().filter(NARROWED.get(chosen, Q()))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    content = RequestsPage.of(page, chosen=chosen, counted=waiting.counted())
    return Page("back_office/requests/requests.html", content, shows=content.patients)


@require_safe
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over)
def request_to_enter(request: StaffRequest, row: WaitlistRequest) -> Answer:
    """Shows what is free for a request before it is put on the list (R12)."""
    content = RequestPage.of(row)
    return Page("back_office/requests/request.html", content, shows=content.patients)


@require_safe
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over)
def visitor(request: StaffRequest, row: WaitlistRequest) -> Answer:
    """Shows the call to a visitor whom no code reached; any other request has its own page."""
    task = worklist.open_about(kind=TaskKind.NO_CODE, subject=row.pk)
    if task is None:
        return redirect("office:request", row.pk)
    if over := lost_calls.reason(task, request.by):
        return lost_calls.page(request, task, error=over)
    return Page("back_office/calls/visitor.html", VisitorPage.of(row, task), shows=(), where=WHERE)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over, refused=or_sent_again(request_again))
def enter_request(request: StaffRequest, row: WaitlistRequest) -> Answer:
    """Puts the request on the waitlist by one click: nothing is typed again."""
    entry = booking.enter_request(request=row.pk, by=request.by)
    address, name = reverse("office:entry", args=[entry.pk]), entry.patient.full_name
    messages.success(request, format_html('{} <a href="{}">{}</a>', _("On the waitlist:"), address, name))
    return redirect("office:requests")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over, refused=or_sent_again(request_again))
def close_request(request: StaffRequest, row: WaitlistRequest) -> Answer:
    booking.close_request(request=row.pk, by=request.by)
    messages.success(request, _("The request is closed."))
    return redirect("office:requests")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over, refused=or_sent_again(visitor_page))
def book(request: StaffRequest, row: WaitlistRequest) -> Answer:
    """Books the time that the visitor had chosen; the page of the visit has the facts to be read out (R13)."""
    appointment = booking.from_request(request=row.pk, by=request.by)
    undoing.offer_booked(request, appointment)
    return redirect("office:appointment", appointment.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.handed_over, refused=or_sent_again(visitor_page))
def not_reached(request: StaffRequest, row: WaitlistRequest) -> Answer:
    booking.visitor_not_reached(request=row.pk, by=request.by)
    messages.success(request, _("Nobody answered: the visitor comes up again in some minutes."))
    return redirect("office:calls")

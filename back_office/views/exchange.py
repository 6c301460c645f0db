"""The telephone exchange on the pages: who calls, whom to call back, and the recordings."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import lost_calls, scope
from back_office.presenters.exchange import CallingPart, ExchangePage, RecordingPage
from back_office.presenters.missed_call import MissedPage
from back_office.staff_view import Answer, Page, StaffRequest, or_sent_again, staff_view
from booking.choices import MissedOutcome
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from worklist.models import Task

MISSED = "back_office/exchange/missed_call.html"


@require_safe
@staff_view(Permission.WORK_WAITLIST)
def calling(request: StaffRequest) -> Answer:
    """Sends who calls to a page that is open, and nothing while it is the same."""
    part = CallingPart.of(request.by)
    if request.GET.get("calling") == part.seen:
        return HttpResponse(status=204)
    return Page("back_office/exchange/_calling.html", part, shows=())


def _again(request: StaffRequest, task: Task, *, error: DomainError) -> Page:
    if over := lost_calls.reason(task, request.by):
        return lost_calls.page(request, task, error=over)
    return Page(MISSED, MissedPage.of(task, error=error), shows=(), where="office:missed_call")


@require_safe
@staff_view(Permission.WORK_WAITLIST, scope=scope.missed_call)
def missed_call(request: StaffRequest, task: Task) -> Answer:
    """Shows the call back that this operator makes, or why there is none to go on with."""
    if over := lost_calls.reason(task, request.by):
        return lost_calls.page(request, task, error=over)
    return Page(MISSED, MissedPage.of(task), shows=())


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.missed_call, refused=or_sent_again(_again))
def reached(request: StaffRequest, task: Task) -> Answer:
    booking.finish_missed_call(task=task.pk, outcome=MissedOutcome.REACHED, by=request.by)
    messages.success(request, _("The call back is done."))
    return redirect("office:calls")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.missed_call, refused=or_sent_again(_again))
def not_reached(request: StaffRequest, task: Task) -> Answer:
    booking.finish_missed_call(task=task.pk, outcome=MissedOutcome.NO_ANSWER, by=request.by)
    messages.success(request, _("Nobody answered: the number comes up again in half an hour."))
    return redirect("office:calls")


@require_safe
@staff_view(Permission.HEAR_CALLS)
def calls(request: StaffRequest) -> Answer:
    return Page("back_office/exchange/calls.html", ExchangePage.of(request.GET.get("page", "1")), shows=())


@require_POST
@staff_view(Permission.HEAR_CALLS)
def recording(request: StaffRequest, call_id: UUID) -> Answer:
    """Leads to the recording, once it is written down who has asked for it."""
    link = booking.open_recording(call=call_id, by=request.by)
    return Page("back_office/exchange/recording.html", RecordingPage(link), shows=())

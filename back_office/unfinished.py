"""A person who has begun a call is led to it before they begin another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from back_office.staff_view import StaffRequest
from waitlist.queries import calls
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS, TaskKind
from worklist.errors import FinishFirst


def go_on(request: StaffRequest, error: FinishFirst) -> HttpResponse:
    """Leads to the call this person has not finished, and says why."""
    messages.warning(request, str(error))
    if offer := calls.call_of(request.by):
        return redirect("office:call", offer.pk)
    if task := worklist.claimed_tasks(by=request.by).filter(kind__in=ABOUT_VISITS).first():
        return redirect("office:rebooking_task", task.pk)
    if worklist.claimed_tasks(by=request.by).filter(kind=TaskKind.NO_CODE).exists():
        return redirect("office:calls")
    if asked := worklist.claimed_tasks(by=request.by).filter(kind=TaskKind.EXPIRING).first():
        return redirect("office:entry", asked.subject)
    return redirect("office:home")

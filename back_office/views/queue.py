"""The one queue of calls: the list, «Следующий», a call out of turn, and back into the queue (R21–R25, S04)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import incoming, lost_calls, renewing, scope
from back_office.alarm import tells_of_emergencies
from back_office.call_pages import page_of
from back_office.presenters.queue import Beside, LostPart, QueuePage
from back_office.staff_view import Answer, Page, StaffRequest, or_sent_again, staff_view
from foundation.accounts.choices import Permission
from worklist import duty
from worklist import queries as worklist
from worklist.errors import FinishFirst
from worklist.models import Task


@require_safe
@staff_view(Permission.BOOK)
def calls(request: StaffRequest) -> Answer:
    duty.note(request.by)
    return renewing.whole(request, QueuePage.of(request.by), "back_office/calls/queue.html", page="calls")


@tells_of_emergencies
@require_safe
@staff_view(Permission.BOOK)
def queue(request: StaffRequest) -> Answer:
    """Sends the list to a page that is open, and nothing when it would look the same."""
    duty.note(request.by)
    content = QueuePage.of(request.by, polled=True)
    return renewing.part(request, content, "back_office/calls/_queue.html", page="calls", where="office:calls")


@require_POST
@staff_view(Permission.BOOK)
def claim_next(request: StaffRequest) -> Answer:
    if task := booking.claim_next_task(by=request.by):
        incoming.end(request)
        return redirect(page_of(task))
    messages.info(request, _("Nobody is to be called now. The next call appears here by itself."))
    return redirect("office:calls")


@require_POST
@staff_view(Permission.BOOK, scope=scope.task, refused=or_sent_again(lost_calls.page))
def claim(request: StaffRequest, task: Task) -> Answer:
    """«Позвонить» takes this call out of turn. It leads to the call that is not finished, if there is one."""
    try:
        claimed = booking.claim_task(task=task.pk, by=request.by)
    except FinishFirst as error:
        messages.warning(request, str(error))
        begun = worklist.claimed_tasks(by=request.by).first()
        return redirect(page_of(begun) if begun else "office:calls")
    return redirect(page_of(claimed))


@require_POST
@staff_view(Permission.BOOK, scope=scope.task)
def keep_alive(request: StaffRequest, task: Task) -> Answer:
    """The open page sends it every few seconds and is told when there is nobody to talk to any more."""
    booking.keep_task(task=task.pk, by=request.by)
    if over := lost_calls.reason(task, request.by):
        return Page("back_office/calls/_lost.html", LostPart(page_of(task), str(over)), shows=())
    return HttpResponse(status=204)


@require_safe
@staff_view(Permission.BOOK, scope=scope.task)
def beside(request: StaffRequest, task: Task) -> Answer:
    """Sends the queue to stand beside an open call, and nothing when it would look the same."""
    content = Beside.of(request.by, task=task)
    return renewing.part(request, content, "back_office/calls/_beside.html", page="calls", where="office:calls")


@require_POST
@staff_view(Permission.BOOK, scope=scope.task, refused=or_sent_again(lost_calls.page))
def give_back(request: StaffRequest, task: Task) -> Answer:
    booking.give_task_back(task=task.pk, by=request.by)
    messages.info(request, _("Back in the queue: no call was written down."))
    return redirect("office:calls")

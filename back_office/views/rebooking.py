"""The desk and the contact centre phone patients whose visits an absence strands (S04) or that no longer hold."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import lost_calls, scope, undoing
from back_office.forms.ids import as_uuid
from back_office.forms.rebooking import KeepForm, RebookOutcomeForm
from back_office.presenters.rebooking_call import CallPage, DonePage
from back_office.presenters.telling_call import TellPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from booking.choices import RebookOutcome
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from scheduling.choices import CancelReason
from scheduling.models import Appointment, Slot
from worklist.choices import TaskKind, TaskState
from worklist.errors import TaskClosed
from worklist.models import Task


def call_page(
    request: StaffRequest,
    task: Task,
    *,
    error: DomainError | None = None,
    form: RebookOutcomeForm | None = None,
    keep_form: KeepForm | None = None,
    status: int = 200,
) -> Page:
    """Shows the call that this person is making, how they ended it, or why it is over."""
    done = task.state == TaskState.DONE and task.closed_by == request.by.ref
    if not done and (over := lost_calls.reason(task, request.by)):
        return lost_calls.page(request, task, error=over)
    visit = scope.appointment(request, task.subject)
    shows, where = [visit.patient_id], "office:rebooking_task"
    if done:
        ended = DonePage.of(task, visit, request.by, error=error)
        return Page("back_office/rebooking/done.html", ended, shows=shows, where=where)
    template, content = _script(request, task, visit, form=form, keep_form=keep_form, error=error)
    return Page(template, content, shows=shows, status=status, where=where)


def _script(
    request: StaffRequest,
    task: Task,
    visit: Appointment,
    *,
    error: DomainError | None,
    form: RebookOutcomeForm | None,
    keep_form: KeepForm | None,
) -> tuple[str, CallPage | TellPage]:
    """Returns the script of a call: another time is offered, or what no message has told is told."""
    if task.kind == TaskKind.UNTOLD:
        return "back_office/rebooking/tell.html", TellPage.of(task, visit, request.by, form=form, error=error)
    content = CallPage.of(task, visit, request.by, form=form, keep_form=keep_form, error=error)
    return "back_office/rebooking/call.html", content


def outcome_again(request: StaffRequest, task: Task, *, error: DomainError) -> Page:
    """Shows the same call with the outcome as it was typed."""
    return call_page(request, task, form=RebookOutcomeForm(request.POST), error=error)


@require_safe
@staff_view(Permission.BOOK, scope=scope.rebooking)
def call(request: StaffRequest, task: Task) -> Answer:
    return call_page(request, task)


@require_POST
@staff_view(Permission.BOOK, scope=scope.rebooking, refused=call_page)
def move(request: StaffRequest, task: Task) -> Answer:
    """Moves the visit to the time that the patient has chosen; a second press finds it there."""
    slot = get_object_or_404(Slot, pk=as_uuid(request.POST.get("to")))
    _check_not_settled(task, request.by)
    booking.move(appointment=task.subject, to_slot=slot.pk, channel=request.channel, by=request.by)
    undoing.offer(request, task.subject, "moved")
    return redirect("office:rebooking_task", task.pk)


@require_POST
@staff_view(Permission.BOOK, scope=scope.rebooking, refused=call_page)
def told(request: StaffRequest, task: Task) -> Answer:
    """The four facts were read out (R13): of the new time, or because no message has told them."""
    if task.kind == TaskKind.UNTOLD:
        booking.tell(task=task.pk, by=request.by)
    else:
        booking.mark_informed(appointment=task.subject, by=request.by)
    return redirect("office:rebooking_task", task.pk)


@require_POST
@staff_view(Permission.BOOK, scope=scope.rebooking, refused=call_page)
def cancel(request: StaffRequest, task: Task) -> Answer:
    _check_not_settled(task, request.by)
    reason = CancelReason.DOCTOR_AWAY if task.cause else CancelReason.CLINIC
    booking.cancel(appointment=task.subject, reason=reason, by=request.by)
    undoing.offer(request, task.subject, "cancelled")
    return redirect("office:rebooking_task", task.pk)


@require_POST
@staff_view(Permission.BOOK, scope=scope.rebooking, refused=call_page)
def name_representative(request: StaffRequest, task: Task) -> Answer:
    """Somebody who acts for the child comes to the visit, which stays as it is if nothing else refuses it."""
    who = scope.acting_now(request.POST.get("who"))
    _check_not_settled(task, request.by)
    booking.name_representative(appointment=task.subject, representation=who, by=request.by)
    return redirect("office:rebooking_task", task.pk)


def _keep_again(request: StaffRequest, task: Task, *, error: DomainError) -> Page:
    return call_page(request, task, keep_form=KeepForm(request.POST), error=error)


@require_POST
@staff_view(Permission.BOOK, scope=scope.rebooking, refused=_keep_again)
def keep(request: StaffRequest, task: Task) -> Answer:
    """The visit stays as it is, for the reason that is written down."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        return call_page(request, task, keep_form=form, status=422)
    _check_not_settled(task, request.by)
    booking.leave_as_is(task=task.pk, note=form.cleaned_data["note"], by=request.by)
    return redirect("office:rebooking_task", task.pk)


@require_POST
@staff_view(Permission.BOOK, scope=scope.rebooking, refused=outcome_again, once=A_DAY)
def finish(request: StaffRequest, task: Task) -> Answer:
    """The outcome is mandatory where nothing was agreed, and the task comes again."""
    form = RebookOutcomeForm(request.POST)
    if not form.is_valid():
        return call_page(request, task, form=form, status=422)
    outcome, call_back_at = RebookOutcome(form.cleaned_data["outcome"]), form.cleaned_data["call_back_at"]
    booking.finish_rebooking_call(task=task.pk, outcome=outcome, call_back_at=call_back_at, by=request.by)
    messages.success(request, _("The call is written down: %(outcome)s.") % {"outcome": outcome.label})
    return redirect("office:calls")


def _check_not_settled(task: Task, by: Actor) -> None:
    """Keeps an old page from undoing what somebody else has agreed with the patient. Raises TaskClosed."""
    if task.state != TaskState.OPEN and task.closed_by != by.ref:
        raise TaskClosed

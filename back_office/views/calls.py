"""The operator takes a call from the queue and ends it with an outcome (R21–R25)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import call_notes, lost_calls, scope, undoing
from back_office.forms.calls import OutcomeForm
from back_office.forms.times import ChosenTime, pressed
from back_office.presenters.calls import AlivePart, CallPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.database import clock
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from waitlist.choices import GOES_ON, UNANSWERED, CallOutcome, OfferState
from waitlist.errors import EntryClosed, NotYourCall, OfferGone, WaitlistError
from waitlist.models import SlotOffer
from worklist import queries as worklist
from worklist import team
from worklist.errors import CallTaken


def call_page(
    request: StaffRequest,
    offer: SlotOffer,
    *,
    error: DomainError | None = None,
    form: OutcomeForm | None = None,
    ask_removal: bool = False,
    status: int = 200,
) -> Page:
    """Shows the call that this operator is making, or why it is over; the same page answers what was not accepted."""
    taken = team.taken_from(offer.task, by=request.by, now=clock.now())
    if over := error if isinstance(error, OfferGone | NotYourCall | EntryClosed) else _over(offer, request.by, taken):
        return over_page(request, offer, error=over)
    note = call_notes.of(request, offer.pk)
    content = CallPage.of(
        offer, form=form, note=note, ask_removal=ask_removal, error=error, sent=request.POST, taken=taken
    )
    return Page("back_office/calls/call.html", content, shows=content.patients, status=status, where="office:call")


def over_page(request: StaffRequest, offer: SlotOffer, *, error: DomainError) -> Page:
    return lost_calls.page(request, offer.task, error=error, note=call_notes.of(request, offer.pk))


def outcome_again(request: StaffRequest, offer: SlotOffer, *, error: DomainError) -> Page:
    """Shows the same call with the outcome as it was typed."""
    return call_page(request, offer, form=OutcomeForm(request.POST), error=error)


@require_safe
@staff_view(Permission.WORK_WAITLIST, scope=scope.offer)
def call(request: StaffRequest, offer: SlotOffer) -> Answer:
    return call_page(request, offer)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.offer)
def keep_alive(request: StaffRequest, offer: SlotOffer) -> Answer:
    """The open page sends it every few seconds and is told when the call is lost, or its time is held no longer.

    It sends the note too, as it is typed.
    """
    call_notes.keep(request, offer.pk)
    lost = offer.state not in UNANSWERED or not booking.keep_task(task=offer.task_id, by=request.by)
    taken = team.taken_from(offer.task, by=request.by, now=clock.now()) if lost else None
    part = AlivePart.of(offer, lost=lost, taken=taken)
    if request.POST.get("seen") == part.seen:
        return HttpResponse(status=204)
    return Page("back_office/calls/_alive.html", part, shows=())


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.offer, refused=outcome_again, once=A_DAY)
def finish(request: StaffRequest, offer: SlotOffer) -> Answer:
    """The outcome is mandatory; taking the patient off the list is asked once more."""
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return call_page(request, offer, form=form, status=422)
    outcome = CallOutcome(form.cleaned_data["outcome"])
    if outcome == CallOutcome.DECLINED_ALL and "sure" not in request.POST:
        return call_page(request, offer, form=form, ask_removal=True)
    booking.finish_call(offer=offer.pk, outcome=outcome, by=request.by, **form.said())
    call_notes.drop(request, offer.pk)
    messages.success(request, _("The call is written down: %(outcome)s.") % {"outcome": outcome.label})
    if outcome in GOES_ON or worklist.claimed_tasks(by=request.by).filter(pk=offer.task_id).exists():
        return redirect("office:call", offer.pk)
    return redirect("office:calls")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.offer, refused=call_page)
def book(request: StaffRequest, offer: SlotOffer) -> Answer:
    """Books the offered time, or another one when `slot` is named: the patient said yes."""
    call_notes.keep(request, offer.pk)
    acting, said = scope.chosen_acting(request, offer.patient), pressed(request.POST)
    note = call_notes.of(request, offer.pk)
    if request.POST.get("slot"):
        time = ChosenTime.of(request.POST)
        appointment = booking.from_entry(
            entry=offer.entry_id,
            slot=time.slot,
            service=time.service,
            representative=acting,
            note=note,
            by=request.by,
            **said,
        )
    else:
        appointment = booking.from_offer(offer=offer.pk, representative=acting, note=note, by=request.by, **said)
    call_notes.drop(request, offer.pk)
    undoing.offer_booked(request, appointment)
    return redirect("office:appointment", appointment.pk)


def _over(offer: SlotOffer, by: Actor, taken: CallTaken | None) -> WaitlistError | None:
    """Says why there is no call to go on with; None while this operator can still say how it ended.

    A claim that was lost while they talked is no reason: how the call ended is a fact.
    """
    if worklist.claimed_by_another(task=offer.task, by=by):
        return NotYourCall()
    begun = offer.state == OfferState.WITHDRAWN or taken or worklist.is_claimed(task=offer.task, by=by)
    answered = offer.state not in (*UNANSWERED, OfferState.WITHDRAWN) or not offer.entry.is_open
    return OfferGone() if answered or not begun else None

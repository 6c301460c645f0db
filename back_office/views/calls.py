"""The operator's queue and the call (R21–R25)."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.calls import OutcomeForm
from back_office.forms.times import ChosenTime
from back_office.ids import uuid_or_404
from back_office.wish_words import doctor_names, free_times, in_words
from foundation import wording
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from foundation.clock import day_of
from foundation.errors import DomainError
from patients.ages import is_minor
from patients.models import Representation
from patients.queries import people
from scheduling.errors import BookingError
from scheduling.queries.availability import NEAREST
from waitlist.choices import CallOutcome
from waitlist.errors import NotYourCall, OfferGone, WaitlistError
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from waitlist.queries import calls as offered
from waitlist.queries import entries as waiting
from worklist import queries as worklist
from worklist.choices import Priority
from worklist.errors import FinishFirst
from worklist.models import Task

LISTED = 50
SHOWN = "calls_shown"
KEYS = {
    CallOutcome.NO_ANSWER: "4",
    CallOutcome.BUSY: "5",
    CallOutcome.UNREACHABLE: "6",
    CallOutcome.VOICEMAIL: "7",
    CallOutcome.DECLINED_SLOT: "8",
    CallOutcome.DECLINED_ALL: "9",
    CallOutcome.THIRD_PARTY: "=",
    CallOutcome.DROPPED: "F8",
    CallOutcome.WRONG_NUMBER: "-",
}


@require_safe
@requires(Permission.WORK_WAITLIST)
def calls(request: HttpRequest) -> HttpResponse:
    context = _queue(request)
    _record_queue(request, context, again=True)
    return render(request, "back_office/calls/queue.html", context)


@require_safe
@requires(Permission.WORK_WAITLIST)
def queue(request: HttpRequest) -> HttpResponse:
    """The list for a page that is open: nothing when it would look the same."""
    context = _queue(request)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    _record_queue(request, context, again=False)
    return render(request, "back_office/calls/_queue.html", context | {"polled": True})


@require_POST
@requires(Permission.WORK_WAITLIST)
def claim_next(request: HttpRequest) -> HttpResponse:
    if offer := booking.claim_next_call(by=actor_of(request)):
        return redirect("office:call", offer.pk)
    messages.info(request, _("Nobody is to be called now. A freed time appears here by itself."))
    return redirect("office:calls")


@require_POST
@requires(Permission.WORK_WAITLIST)
def claim(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """«Позвонить сейчас»: this one, out of turn."""
    by = actor_of(request)
    get_object_or_404(SlotOffer, pk=offer_id)
    try:
        booking.claim_call(offer=offer_id, by=by)
    except FinishFirst as error:
        messages.warning(request, str(error))
        return claim_next(request)
    except DomainError as error:
        return _gone(request, error)
    return redirect("office:call", offer_id)


@require_POST
@requires(Permission.WORK_WAITLIST)
def enter_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One click: nothing is typed again (R20)."""
    get_object_or_404(WaitlistRequest, pk=request_id)
    entry = booking.enter_request(request=request_id, by=actor_of(request))
    said = format_html('{} <a href="{}">{}</a>', _("On the waitlist:"), _entry_url(entry), entry.patient.full_name)
    messages.success(request, said)
    return redirect("office:calls")


@require_POST
@requires(Permission.WORK_WAITLIST)
def close_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    get_object_or_404(WaitlistRequest, pk=request_id)
    booking.close_request(request=request_id, by=actor_of(request))
    messages.success(request, _("The request is closed."))
    return redirect("office:calls")


@require_safe
@requires(Permission.WORK_WAITLIST)
def call(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    return _page(request, offer_id)


@require_POST
@requires(Permission.WORK_WAITLIST)
def keep_alive(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Sent by the open page every minute; says when the call has been lost."""
    offer = get_object_or_404(SlotOffer, pk=offer_id)
    mine = booking.keep_call(offer=offer_id, by=actor_of(request))
    return render(request, "back_office/calls/_alive.html", {"offer": offer, "lost": not mine})


@require_POST
@requires(Permission.WORK_WAITLIST)
def finish(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, offer_id, form=form, status=422)
    data = form.cleaned_data
    if data["outcome"] == CallOutcome.DECLINED_ALL and "sure" not in request.POST:
        return _page(request, offer_id, form=form, ask_removal=True)
    get_object_or_404(SlotOffer, pk=offer_id)
    outcome = CallOutcome(data["outcome"])
    try:
        booking.finish_call(
            offer=offer_id,
            outcome=outcome,
            by=actor_of(request),
            note=data["note"],
            call_back_at=data["call_back_at"],
        )
    except WaitlistError as error:
        return _gone(request, error)
    except BookingError as error:
        return _page(request, offer_id, form=form, error=str(error), status=status_of(error))
    messages.success(request, _("The call is written down: %(outcome)s.") % {"outcome": outcome.label})
    return redirect("office:calls")


@require_POST
@requires(Permission.WORK_WAITLIST)
def book(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The patient said yes: to the offered time, or to another one when `slot` is named."""
    offer = get_object_or_404(SlotOffer.objects.select_related("entry__patient"), pk=offer_id)
    by, key = actor_of(request), request.POST.get("key", "")[:64] or None
    acting = _acting(request, offer.entry)
    try:
        if request.POST.get("slot"):
            time = ChosenTime.of(request.POST)
            appointment = booking.from_entry(
                entry=offer.entry_id, slot=time.slot, service=time.service, by=by, representative=acting, key=key
            )
        else:
            appointment = booking.from_offer(offer=offer_id, by=by, representative=acting, key=key)
    except (OfferGone, NotYourCall) as error:
        return _gone(request, error)
    except DomainError as error:
        return _page(request, offer_id, error=str(error), status=status_of(error))
    return redirect("office:appointment", appointment.pk)


@require_POST
@requires(Permission.WORK_WAITLIST)
def give_back(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    get_object_or_404(SlotOffer, pk=offer_id)
    try:
        booking.give_call_back(offer=offer_id, by=actor_of(request))
    except WaitlistError as error:
        return _gone(request, error)
    messages.info(request, _("Back in the queue: no call was written down."))
    return redirect("office:calls")


def _acting(request: HttpRequest, entry: WaitlistEntry) -> Representation | None:
    """A representative of this very patient, should the entry name none."""
    if not (chosen := request.POST.get("who")):
        return None
    return get_object_or_404(people.representatives(entry.patient), pk=uuid_or_404(chosen))


def _queue(request: HttpRequest) -> dict[str, object]:
    now, me = timezone.now(), actor_of(request).ref
    tasks = list(offered.queue(now)[:LISTED])
    requests = list(waiting.requests_waiting()[:LISTED])
    names = doctor_names(requests)
    for row in requests:
        row.words = in_words(row, names)
    offers = [_listed(task, place, now, me) for place, task in enumerate(tasks, start=1)]
    return {
        "offers": offers,
        "requests": requests,
        "due": offered.due_count(now),
        "waiting": offered.queue(now).count(),
        "requests_count": waiting.requests_waiting().count(),
        "oldest": min((task.offer.created_at for task in tasks if task.turn == 0), default=None),
        "mine": next((offer for offer in offers if offer.mine), None),
        "seen": _look(tasks, requests, now),
    }


def _listed(task: Task, place: int, now: datetime, me: str) -> SlotOffer:
    """A row of the list."""
    offer = task.offer
    offer.place, offer.time = place, wording.short_time(offer.starts_at)
    offer.not_before, offer.claimed_by_name = task.not_before, task.claimed_by_name
    offer.calling, offer.mine = task.claimed_by is not None, task.claimed_by == me
    offer.put_off = bool(task.not_before and task.not_before > now)
    offer.urgent = task.priority == Priority.URGENT
    return offer


def _look(tasks: list[Task], requests: list[WaitlistRequest], now: datetime) -> str:
    """Changes with whatever the list shows, and every minute for «how long ago»."""
    shown = [(row.pk, row.claimed_by, row.not_before, row.turn) for row in tasks]
    text = repr((shown, [row.pk for row in requests], int(now.timestamp() // 60)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _record_queue(request: HttpRequest, context: dict, *, again: bool) -> None:
    """One audit row a patient and page: a list that renews itself does not repeat what is on the screen."""
    shown = [offer.patient_id for offer in context["offers"]]
    shown += [row.patient_id for row in context["requests"] if row.patient_id]
    before = set() if again else set(request.session.get(SHOWN, []))
    fresh = dict.fromkeys(pk for pk in shown if str(pk) not in before)
    trail.record_shown(by=actor_of(request), patients=list(fresh), where="office:calls")
    if again or fresh:
        request.session[SHOWN] = sorted(before | {str(pk) for pk in fresh})


def _page(
    request: HttpRequest,
    offer_id: UUID,
    *,
    form: OutcomeForm | None = None,
    error: str = "",
    ask_removal: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The call this operator is making; the same page answers a form that was not accepted."""
    by = actor_of(request)
    if (offer := offered.offer_with_facts(offer_id)) is None:
        raise Http404
    if not offer.is_kept(timezone.now()):
        return _gone(request, OfferGone())
    if not worklist.is_claimed(task=offer.task, by=by):
        taken = worklist.claimed_by_another(task=offer.task, by=by)
        return _gone(request, NotYourCall() if taken else OfferGone())
    trail.record_shown(by=by, patients=[offer.patient_id], where="office:call")
    others = free_times(offer.entry, patient=offer.patient, limit=NEAREST)
    context = {
        "offer": offer,
        "entry": offer.entry,
        "patient": offer.patient,
        "words": in_words(offer.entry, doctor_names([offer.entry])),
        "time": wording.spoken_time(offer.starts_at),
        "minor": is_minor(offer.patient.birth_date, day_of(offer.starts_at)),
        "acting": [] if offer.entry.representation else list(people.representatives(offer.patient)),
        "attempts": list(waiting.attempts(offer.entry_id)[:10]),
        "others": [(time, str(uuid4())) for time in others],
        "key": str(uuid4()),
        "form": form or OutcomeForm(initial={"call_back_day": timezone.localdate()}),
        "endings": list(KEYS.items()),
        "ask_removal": ask_removal,
        "error": error,
    }
    return render(request, "back_office/calls/call.html", context, status=status)


def _gone(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {"error": str(error), "due": offered.due_count()}
    return render(request, "back_office/calls/gone.html", context, status=status_of(error))


def _entry_url(entry: WaitlistEntry) -> str:
    return reverse("office:entry", args=[entry.pk])

"""`calls.claim_next(...)`, `calls.finish(...)`: calls about freed times (R21–R25).

The call is a task that an operator claims, the offer keeps the time. Order of locks: claim → offer → slot → entry →
task. The patient's yes is `booking.from_offer`, which ends in `booked` here.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.clock import day_of
from foundation.database import writes
from notifications import texts
from notifications.actions import outbox
from patients.contact import number_of
from scheduling.actions import slots
from scheduling.db_errors import translate_db_errors
from scheduling.models import Appointment
from waitlist import calling_hours
from waitlist.actions import entries
from waitlist.choices import NOT_REACHED, NOT_SPOKEN, CallOutcome, EntryState, OfferState
from waitlist.errors import CallBackTimeNeeded, NotYourCall, OfferGone, OutcomeNeeded
from waitlist.matching import end_offer
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from worklist import queries as worklist
from worklist.actions import claims, tasks
from worklist.errors import ClaimedByAnother, TaskClosed
from worklist.models import Task

CALL_US_WITHIN = timedelta(days=3)
"""A request to call us that could not be sent so long would only puzzle."""


@transaction.atomic
def claim_next(*, by: Actor) -> SlotOffer | None:
    """«Следующий»: the first offer that may be called about now, claimed for this operator; None when there is none.

    An operator who has a call keeps it: one person, one call. Two operators never get the same number (T09).
    """
    while task := claims.claim_next(by=by):
        for offer in _keep_for_call(task, minutes=settings.CALL_HOLD_MINUTES):
            if offer.task_id == task.pk:
                return offer
        tasks.close(task=task.pk, by=by)  # its time ran out at this very moment
    return None


@transaction.atomic
def claim(*, offer: UUID, by: Actor) -> SlotOffer:
    """Takes one offer from the list. Raises OfferGone, NotYourCall, FinishFirst."""
    row = SlotOffer.objects.filter(pk=offer).first()
    if row is None or not row.is_kept(timezone.now()):
        raise OfferGone
    try:
        task = claims.claim(task=row.task_id, by=by)
    except TaskClosed as error:
        raise OfferGone from error
    except ClaimedByAnother as error:
        raise NotYourCall from error
    for kept in _keep_for_call(task, minutes=settings.CALL_HOLD_MINUTES):
        if kept.pk == offer:
            return kept
    raise OfferGone


@transaction.atomic
def keep_alive(*, offer: UUID, by: Actor) -> bool:
    """The open call page says that the operator is still there. False when the claim is lost."""
    task = Task.objects.filter(offer=offer).first()
    if task is None or not claims.keep_alive(task=task.pk, by=by):
        return False
    return any(kept.pk == offer for kept in _keep_for_call(task, minutes=settings.CLAIM_MINUTES))


@transaction.atomic
def give_back(*, offer: UUID, by: Actor) -> None:
    """The operator did not dial after all: the offer goes back into the queue, nothing is logged as a call."""
    row = _mine(offer, by)
    if row.task.not_before:
        _keep(row, row.task.not_before + timedelta(minutes=settings.OFFER_MINUTES))
        tasks.prolong(task=row.task_id, until=row.expires_at)
    claims.end(by=by)


@translate_db_errors
@transaction.atomic
def finish(
    *,
    offer: UUID,
    outcome: CallOutcome,
    by: Actor,
    note: str = "",
    call_back_at: datetime | None = None,
) -> CallAttempt:
    """Logs how the call ended and does what follows from it. Raises OfferGone, NotYourCall, OutcomeNeeded,
    CallBackTimeNeeded. «Записан» is not an outcome to choose: `booked` logs it.
    """
    if outcome not in CallOutcome.values or outcome == CallOutcome.BOOKED:
        raise OutcomeNeeded
    now = timezone.now()
    if outcome == CallOutcome.CALL_BACK and (call_back_at is None or call_back_at <= now):
        raise CallBackTimeNeeded
    row = _mine(offer, by)
    entry = entries.locked(row.entry_id)
    attempt = _log(row, entry, outcome=outcome, by=by, note=note, call_back_at=call_back_at, now=now)
    if outcome in NOT_REACHED:
        _not_reached(row, entry, outcome, now, by)
    elif outcome == CallOutcome.CALL_BACK and call_back_at:
        _call_back(row, entry, call_back_at, by)
    elif outcome == CallOutcome.DECLINED_ALL:
        _end(row, OfferState.DECLINED, outcome, by)
        entries.close_removed(entry, reason=str(CallOutcome.DECLINED_ALL.label), by=by)
    else:
        unreachable = outcome == CallOutcome.WRONG_NUMBER
        _end(row, OfferState.LAPSED if unreachable else OfferState.DECLINED, outcome, by)
        _set_state(entry, EntryState.UNREACHABLE if unreachable else EntryState.WAITING)
    if outcome in NOT_SPOKEN:
        claims.end(by=by)
    return attempt


def said_yes(*, offer: UUID, by: Actor) -> SlotOffer | Appointment:
    """The call about this offer, locked; or the visit that the same yes has made before: a second click waits here.

    Raises OfferGone, NotYourCall.
    """
    row, claimed = _lock(offer, by)
    if row.state == OfferState.ACCEPTED and row.task.closed_by == by.ref:
        return Appointment.objects.get(waitlist_entry=row.entry_id)
    _check(row, claimed=claimed)
    return row


def open_offer(*, entry: UUID, by: Actor) -> SlotOffer | None:
    """What this entry is offered now, locked. Raises NotYourCall while another operator talks about it."""
    offers = SlotOffer.objects.select_for_update(of=["self"]).filter(entry=entry, state=OfferState.OPEN)
    offer = offers.select_related("task").first()
    if offer and worklist.claimed_by_another(task=offer.task, by=by):
        raise NotYourCall
    return offer


def booked(*, entry: UUID, offer: SlotOffer | None, state: OfferState, appointment: Appointment, by: Actor) -> None:
    """The call ended with a visit (R25): its outcome, the end of the offer and the closed entry. Raises EntryClosed."""
    row = entries.locked(entry)
    _log(offer, row, outcome=CallOutcome.BOOKED, by=by, note="", call_back_at=None, now=timezone.now())
    if offer:
        end_offer(offer, state=state)
        tasks.close(task=offer.task_id, outcome=CallOutcome.BOOKED, by=by)
        claims.end_if_done(task=offer.task_id, by=by)
    entries.close_booked(row, appointment=appointment, by=by)


@transaction.atomic
def remove_entry(*, entry: UUID, reason: str, by: Actor) -> None:
    """Takes a patient off the list at their word; an offer made to them ends."""
    if offer := open_offer(entry=entry, by=by):
        end_offer(offer, state=OfferState.DECLINED)
        tasks.close(task=offer.task_id, by=by)
    entries.close_removed(entries.locked(entry), reason=reason, by=by)


def _keep_for_call(task: Task, *, minutes: int) -> list[SlotOffer]:
    """Keeps what is offered on the number of this task while it is talked about (R24). Returns it, locked."""
    now = timezone.now()
    offers = SlotOffer.objects.select_for_update(of=["self"]).filter(
        task__claim_key=task.claim_key, state=OfferState.OPEN, expires_at__gt=now
    )
    kept = list(offers.order_by("pk"))
    for offer in kept:
        _keep(offer, now + timedelta(minutes=minutes))
        tasks.prolong(task=offer.task_id, until=offer.expires_at)
    return kept


def _keep(offer: SlotOffer, until: datetime) -> None:
    """Keeps the time of a locked offer until then, if it does not begin before; never shorter than it is kept now."""
    offer.expires_at = max(offer.expires_at, min(until, offer.starts_at))
    offer.save(update_fields=["expires_at"])
    slots.prolong(token=offer.pk, until=offer.expires_at)


def _mine(offer: UUID, by: Actor) -> SlotOffer:
    """The offer this operator is calling about, locked. Raises OfferGone, NotYourCall."""
    row, claimed = _lock(offer, by)
    _check(row, claimed=claimed)
    return row


def _lock(offer: UUID, by: Actor) -> tuple[SlotOffer, bool]:
    """Locks the operator's claim on the number, then the offer. False when they have no claim. Raises OfferGone."""
    task = SlotOffer.objects.filter(pk=offer).values_list("task", flat=True).first()
    if task is None:
        raise OfferGone
    claimed = claims.lock(task=task, by=by)
    row = SlotOffer.objects.select_for_update(of=["self"]).select_related("service", "task").get(pk=offer)
    return row, claimed


def _check(offer: SlotOffer, *, claimed: bool) -> None:
    if not offer.is_kept(timezone.now()):
        raise OfferGone
    if not claimed:
        raise NotYourCall


def _end(offer: SlotOffer, state: OfferState, outcome: CallOutcome, by: Actor) -> None:
    end_offer(offer, state=state)
    tasks.finish(task=offer.task_id, outcome=outcome, by=by)


def _log(
    offer: SlotOffer | None,
    entry: WaitlistEntry,
    *,
    outcome: CallOutcome,
    by: Actor,
    note: str,
    call_back_at: datetime | None,
    now: datetime,
) -> CallAttempt:
    attempt = CallAttempt.objects.create(
        entry=entry,
        offer=offer,
        number=number_of(entry.patient, entry.representation),
        outcome=outcome,
        note=note[:300],
        call_back_at=call_back_at,
        by=by.ref,
        by_name=by.name,
    )
    writes.update([entry], attempts=entry.attempts + 1 if outcome in NOT_REACHED else 0, last_contact_at=now)
    trail.record(by=by, action="waitlist.called", patient=entry.patient_id, object_ref=str(entry.pk), outcome=outcome)
    return attempt


def _not_reached(offer: SlotOffer, entry: WaitlistEntry, outcome: CallOutcome, now: datetime, by: Actor) -> None:
    """Try again later; for a visit today one attempt each, then the next person; after the last one an SMS."""
    if entry.attempts >= settings.CALL_ATTEMPTS:
        _end(offer, OfferState.LAPSED, outcome, by)
        _set_state(entry, EntryState.UNREACHABLE)
        _ask_to_call(entry)
        return
    again_at = calling_hours.next_moment(now + _pause(offer, now))
    today = day_of(offer.starts_at) == day_of(now)
    if today or again_at >= offer.starts_at:
        _end(offer, OfferState.LAPSED, outcome, by)
        _set_state(entry, EntryState.WAITING)
        return
    _try_again(offer, outcome, again_at, by)


def _pause(offer: SlotOffer, now: datetime) -> timedelta:
    soon = offer.starts_at - now < timedelta(days=1)
    return timedelta(minutes=settings.CALL_RETRY_SOON_MINUTES if soon else settings.CALL_RETRY_MINUTES)


def _call_back(offer: SlotOffer, entry: WaitlistEntry, at: datetime, by: Actor) -> None:
    entry.not_before = at
    entry.save(update_fields=["not_before"])
    if at >= offer.starts_at:
        _end(offer, OfferState.DECLINED, CallOutcome.CALL_BACK, by)
        _set_state(entry, EntryState.WAITING)
    else:
        _try_again(offer, CallOutcome.CALL_BACK, at, by)


def _try_again(offer: SlotOffer, outcome: CallOutcome, at: datetime, by: Actor) -> None:
    """In the queue again; the time is kept until it has been possible to call once more."""
    _keep(offer, at + timedelta(minutes=settings.OFFER_MINUTES))
    tasks.retry(task=offer.task_id, outcome=outcome, not_before=at, expires_at=offer.expires_at, by=by)


def _set_state(entry: WaitlistEntry, state: EntryState) -> None:
    entry.state = state
    entry.save(update_fields=["state"])


def _ask_to_call(entry: WaitlistEntry) -> None:
    if not (number := number_of(entry.patient, entry.representation)):
        return
    outbox.put(
        texts.CallUs(),
        address=number,
        about=entry.pk,
        patient=entry.patient_id,
        useful_until=timezone.now() + CALL_US_WITHIN,
        dedupe_key=f"call_us:{entry.pk}:{timezone.localdate()}",
    )

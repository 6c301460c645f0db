"""Calls of operators about freed times: claim, finish, give back (R21–R25).

The call is a task that an operator claims, the offer keeps the time. Order of locks: claim → offer → slot → entry →
task. The patient's yes is `booking.from_offer`, which ends in `finish_booked` here.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import clock, writes
from patients.contact import number_of
from scheduling.actions import slots
from scheduling.db_errors import translate_db_errors
from scheduling.models import Appointment
from waitlist.actions import entries, offers, outcomes
from waitlist.choices import NOT_REACHED, CallOutcome, OfferState
from waitlist.errors import CallBackTimeNeeded, NotYourCall, OfferGone, OutcomeNeeded
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from worklist import queries as worklist
from worklist.actions import claims, tasks
from worklist.choices import TaskKind
from worklist.errors import ClaimedByAnother, TaskClosed
from worklist.models import Task


@translate_db_errors
@transaction.atomic
def claim_next(*, by: Actor) -> SlotOffer | None:
    """Claims the first offer that may be called about now for this operator («Следующий»), or returns None.

    An operator who has a call keeps it: one person, one call. Two operators never get the same number (T09).
    Raises FinishFirst while the operator works on something else.
    """
    while task := claims.claim_next(kinds=[TaskKind.FREED_TIME], by=by):
        for offer in _keep_for_call(task, minutes=settings.CALL_HOLD_MINUTES):
            if offer.task_id == task.pk:
                return offer
        tasks.close(task=task.pk, by=by)  # its time ran out at this very moment
    return None


@translate_db_errors
@transaction.atomic
def claim(*, offer: UUID, by: Actor) -> SlotOffer:
    """Claims one offer from the list, out of turn. Raises OfferGone, NotYourCall, FinishFirst."""
    row = SlotOffer.objects.filter(pk=offer).first()
    if row is None or not row.is_kept(clock.now()):
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


@translate_db_errors
@transaction.atomic
def keep_alive(*, offer: UUID, by: Actor) -> bool:
    """Prolongs the claim while the call page is open; returns False when the claim is lost."""
    row = SlotOffer.objects.select_related("task").filter(pk=offer).first()
    if row is None or not row.is_kept(clock.now()):
        return False
    if claims.is_fresh(task=row.task_id, by=by):
        return True
    if not claims.keep_alive(task=row.task_id, by=by):
        return False
    return any(kept.pk == offer for kept in _keep_for_call(row.task, minutes=settings.CLAIM_MINUTES))


@transaction.atomic
def give_back(*, offer: UUID, by: Actor) -> None:
    """Puts the offer back into the queue when the operator did not dial; no call is logged.

    Raises OfferGone, NotYourCall.
    """
    row = _lock_own(offer, by)
    if row.task.not_before:
        offers.keep(row, until=row.task.not_before + timedelta(minutes=settings.OFFER_MINUTES))
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
    """Logs how the call ended and does what follows from it.

    Raises OfferGone, NotYourCall, OutcomeNeeded, CallBackTimeNeeded. «Записан» cannot be chosen as an outcome:
    `finish_booked` logs it.
    """
    if outcome not in CallOutcome.values or outcome == CallOutcome.BOOKED:
        raise OutcomeNeeded
    now = clock.now()
    if outcome == CallOutcome.CALL_BACK and (call_back_at is None or call_back_at <= now):
        raise CallBackTimeNeeded
    row = _lock_own(offer, by)
    entry = entries.locked(row.entry_id)
    attempt = _log(row, entry, outcome=outcome, by=by, note=note, call_back_at=call_back_at, now=now)
    outcomes.apply(row, entry, outcome, call_back_at=call_back_at, by=by)
    return attempt


def lock_accepted(*, offer: UUID, by: Actor) -> SlotOffer | Appointment:
    """Locks and returns the offer that the patient accepts, or returns the visit that the same yes has made before.

    A second click waits here. Raises OfferGone, NotYourCall.
    """
    row, claimed = _lock(offer, by)
    if row.state == OfferState.ACCEPTED and row.task.closed_by == by.ref:
        return Appointment.objects.get(waitlist_entries=row.entry_id)
    _check_claimed(row, claimed=claimed)
    return row


def open_offer(*, entry: UUID, by: Actor) -> SlotOffer | None:
    """Locks and returns the open offer of this entry; None when there is none.

    Raises NotYourCall while another person calls that number.
    """
    kept = SlotOffer.objects.filter(entry=entry, state=OfferState.OPEN)
    if task := kept.values_list("task", flat=True).first():
        claims.lock(task=task, by=by)
    offer = kept.select_for_update(of=["self"]).select_related("task").first()
    if offer and worklist.claimed_by_another(task=offer.task, by=by):
        raise NotYourCall
    return offer


def finish_booked(
    *, entry: UUID, offer: SlotOffer | None, state: OfferState, appointment: Appointment, by: Actor
) -> None:
    """Logs a call that ended with a visit (R25): its outcome, the end of the offer and the closed entry.

    Raises EntryClosed.
    """
    row = entries.locked(entry)
    _log(offer, row, outcome=CallOutcome.BOOKED, by=by, note="", call_back_at=None, now=clock.now())
    if offer:
        offers.end(offer, state=state)
        tasks.close(task=offer.task_id, outcome=CallOutcome.BOOKED, by=by)
        claims.end_if_done(task=offer.task_id, by=by)
    entries.close_booked(row, appointment=appointment, by=by)


@transaction.atomic
def remove_entry(*, entry: UUID, reason: str, by: Actor) -> None:
    """Takes a patient off the waitlist at their word and ends an offer made to them.

    Raises EntryClosed, NotYourCall.
    """
    if offer := open_offer(entry=entry, by=by):
        offers.end(offer, state=OfferState.DECLINED)
        tasks.close(task=offer.task_id, by=by)
    entries.close_removed(entries.locked(entry), reason=reason, by=by)


def _keep_for_call(task: Task, *, minutes: int) -> list[SlotOffer]:
    """Keeps all times offered on the number of this task during the call (R24); returns the task's offer, locked."""
    now = clock.now()
    of_number = SlotOffer.objects.filter(task__claim_key=task.claim_key, state=OfferState.OPEN, expires_at__gt=now)
    kept = list(of_number.select_for_update(of=["self"]).order_by("pk"))
    slots.lock_held(offer.pk for offer in kept)  # together, in order of id: brother and sister may have one doctor
    for offer in kept:
        offers.keep(offer, until=now + timedelta(minutes=minutes))
    return kept


def _lock_own(offer: UUID, by: Actor) -> SlotOffer:
    """Locks and returns the offer this operator is calling about. Raises OfferGone, NotYourCall."""
    row, claimed = _lock(offer, by)
    _check_claimed(row, claimed=claimed)
    return row


def _lock(offer: UUID, by: Actor) -> tuple[SlotOffer, bool]:
    """Locks the operator's claim on the number, then the offer; returns False when they have no claim.

    Raises OfferGone.
    """
    task = SlotOffer.objects.filter(pk=offer).values_list("task", flat=True).first()
    if task is None:
        raise OfferGone
    claimed = claims.lock(task=task, by=by)
    row = (
        SlotOffer.objects.select_for_update(of=["self"])
        .select_related("service", "task", "slot__shift__room__location")
        .get(pk=offer)
    )
    return row, claimed


def _check_claimed(offer: SlotOffer, *, claimed: bool) -> None:
    if not offer.is_kept(clock.now()):
        raise OfferGone
    if not claimed:
        raise NotYourCall


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

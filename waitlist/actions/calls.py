"""Calls of operators about free times: begin, finish, put back (R21–R25).

The call is a task that an operator claims (`booking.claim_next_task`); from then on the offer holds its time. How a
call ended is a fact: it is accepted whatever has become of the claim meanwhile. Order of locks: claim → offer → slot →
entry → task. The patient's yes is `booking.from_offer`, which ends in `finish_booked` here.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.changes import Changes, as_text
from foundation.database import clock, writes
from patients.actions import register
from patients.choices import ContactWay
from patients.models import Patient
from scheduling.models import Appointment
from waitlist import call_backs
from waitlist.actions import entries, offers, outcomes
from waitlist.actions.offers import Choice
from waitlist.choices import (
    LEAVES,
    NOT_COUNTED,
    NOT_REACHED,
    UNANSWERED,
    WAYS,
    CallOutcome,
    DeclineReason,
    OfferState,
)
from waitlist.errors import NotYourCall, OfferGone, OutcomeNeeded
from waitlist.fit import is_busy, that_differ
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from waitlist.numbers import number_of
from worklist import queries as worklist
from worklist.actions import claims, phoned, taking, tasks
from worklist.choices import TaskKind
from worklist.models import Claim, Task


def begin(task: Task) -> bool:
    """Begins what a claimed number is to be asked about free times, and holds them for the call (R24).

    A time that somebody has taken meanwhile is replaced by the nearest that fits. A promised call is made even when
    nothing fits. Returns False when the task itself is about a time and nothing of it is left.
    """
    of_number = _of_number([task.claim_key])
    to_begin = {offer: _choices(offer, asked=offer.task_id == task.pk) for offer in of_number}
    offers.lock_times(choice for choices in to_begin.values() for choice in choices)
    for offer, choices in to_begin.items():
        if offer.state != OfferState.OPEN:
            offers.begin(offer, choices)
    return task.kind != TaskKind.FREED_TIME or any(
        offer.task_id == task.pk and offer.state in UNANSWERED for offer in of_number
    )


def put_back(task: UUID) -> None:
    """Gives back the times of the number of this task: nobody has been asked about them."""
    for offer in _of_number(_key_of(task)):
        offers.put_back(offer)


def put_off(*, task: UUID, outcome: str, not_before: datetime, by: Actor, promised: bool = False) -> None:
    """Puts off a task of any kind and ends its call, and gives back the times that were held for it.

    Raises NotClaimed.
    """
    claims.lock(task=task, by=by)
    put_back(task)
    tasks.retry(task=task, outcome=outcome, not_before=not_before, by=by, promised=promised)


@transaction.atomic
def take_over(*, claim: UUID, reason: str, by: Actor) -> None:
    """Ends the call of somebody else and puts what it was about back into the queue; its times are held no longer.

    How the call ended is still accepted from whoever made it. Raises TakeReasonNeeded, CallOver.
    """
    taken = taking.take(claim=claim, reason=reason, by=by)
    if not Claim.objects.filter(key=taken.key).exists():
        for each in _of_number([taken.key]):
            offers.put_back(each)


@transaction.atomic
def finish(
    *,
    offer: UUID,
    outcome: CallOutcome,
    by: Actor,
    note: str = "",
    call_back_at: datetime | None = None,
    reason: DeclineReason | None = None,
) -> CallAttempt:
    """Logs how the call ended and does what follows from it, also when the claim was lost or the offer has ended.

    What another operator is phoning about by now is left to them. The `reason` of a no teaches the wishes, or takes the
    person off the list. Raises OfferGone for an offer that never was,
    OutcomeNeeded, CallBackTimeNeeded, NobodyPhonesThen. «Записан» cannot be chosen as an outcome: `finish_booked` logs
    it.
    """
    outcome = CallOutcome.DECLINED_ALL if reason in LEAVES else outcome
    if outcome not in CallOutcome.values or outcome == CallOutcome.BOOKED:
        raise OutcomeNeeded
    now = clock.now()
    if outcome == CallOutcome.CALL_BACK:
        call_backs.check(call_back_at, now=now)
    if outcome in WAYS:
        _keep_way(offer, WAYS[outcome], by=by)
    row, claimed = _lock(offer, by)
    current = row if row.state in UNANSWERED else _unanswered(row.entry_id)
    entry = entries.lock_as_it_is(row.entry_id)
    attempt = _log(row, entry, outcome=outcome, by=by, note=note, call_back_at=call_back_at, now=now, reason=reason)
    if entry.is_open and reason:
        outcomes.learn(row, entry, reason, by=by)
    if entry.is_open and (claimed or not worklist.claimed_by_another(task=row.task, by=by)):
        outcomes.apply(row, current, entry, outcome, call_back_at=call_back_at, reason=reason, by=by)
        if not Claim.objects.filter(key=row.task.claim_key).exists():
            for each in _of_number([row.task.claim_key]):
                offers.put_back(each)
    return attempt


def lock_accepted(*, offer: UUID, by: Actor) -> SlotOffer | Appointment:
    """Locks and returns the offer that the patient accepts, or returns the visit that the same yes has made before.

    A second click waits here. A yes is taken whatever has become of the claim; whether the time is still free is seen
    when it is booked. Raises OfferGone.
    """
    row, _claimed = _lock(offer, by)
    if row.state == OfferState.ACCEPTED and row.task.closed_by == by.ref:
        return Appointment.objects.get(waitlist_entries=row.entry_id)
    return row


def open_offer(*, entry: UUID, by: Actor) -> SlotOffer | None:
    """Locks and returns the unanswered offer of this entry; None when there is none.

    Raises NotYourCall while another person calls that number.
    """
    there = SlotOffer.objects.filter(entry=entry, state__in=UNANSWERED)
    if task := there.values_list("task", flat=True).first():
        claims.lock(task=task, by=by)
    offer = _unanswered(entry)
    if offer and worklist.claimed_by_another(task=offer.task, by=by):
        raise NotYourCall
    return offer


def finish_booked(
    *, entry: UUID, offer: SlotOffer | None, state: OfferState, appointment: Appointment, by: Actor, note: str = ""
) -> None:
    """Logs a call that ended with a visit (R25): its outcome and note, the end of the offer and the closed entry.

    Raises EntryClosed.
    """
    row = entries.locked(entry)
    _log(offer, row, outcome=CallOutcome.BOOKED, by=by, note=note, call_back_at=None, now=clock.now())
    if offer:
        phoned.dialled(task=offer.task, pause=timedelta(minutes=settings.CALL_RETRY_SOON_MINUTES), by=by)
    for each in {each.pk: each for each in (offer, _unanswered(entry)) if each}.values():
        offers.end(each, state=state if each == offer else OfferState.WITHDRAWN)
        tasks.close(task=each.task_id, outcome=CallOutcome.BOOKED, by=by, attempted=True)
        claims.end_if_done(task=each.task_id, by=by)
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


def _keep_way(offer: UUID, way: ContactWay, *, by: Actor) -> None:
    """Writes into the record how the person asks to be reached; a record is locked before anything of a call."""
    if patient := Patient.objects.filter(waitlist_entries__offers=offer).first():
        register.correct(patient=patient, changes=Changes({"contact_way": way}), by=by)


def _choices(offer: SlotOffer, *, asked: bool) -> list[Choice]:
    """Returns the time of an offer, then others that fit and differ from it; only its own for a brother or sister.

    Its own is left out when the patient has another visit by now at that hour.
    """
    busy = is_busy(offer.patient_id, starts_at=offer.starts_at, minutes=offer.service.minutes)
    own = [] if busy else [Choice(offer.doctor_id, offer.starts_at, offer.service)]
    if not asked:
        return own
    others = that_differ(offer.entry, but=offer.slot_id if own else None)
    return [*own, *(Choice(each.slot.doctor_id, each.slot.starts_at, each.service) for each in others)]


def _of_number(key: Collection[str] | QuerySet[Task, str]) -> list[SlotOffer]:
    """Locks the unanswered offers of the number that is claimed by this key and returns them."""
    there = SlotOffer.objects.filter(task__claim_key__in=key, state__in=UNANSWERED).order_by("pk")
    related = ("service", "task", "entry__specialty", "entry__service")
    return list(there.select_for_update(of=["self"]).select_related(*related))


def _key_of(task: UUID) -> QuerySet[Task, str]:
    return Task.objects.filter(pk=task).values_list("claim_key", flat=True)


def _unanswered(entry: UUID) -> SlotOffer | None:
    there = SlotOffer.objects.filter(entry=entry, state__in=UNANSWERED)
    return there.select_for_update(of=["self"]).select_related("task", "service").first()


def _lock(offer: UUID, by: Actor) -> tuple[SlotOffer, bool]:
    """Locks the operator's claim on the number, then its offers; returns False when they have no claim.

    Raises OfferGone.
    """
    task = SlotOffer.objects.filter(pk=offer).values_list("task", flat=True).first()
    if task is None:
        raise OfferGone
    claimed = claims.lock(task=task, by=by)
    _of_number(_key_of(task))
    row = (
        SlotOffer.objects.select_for_update(of=["self"])
        .select_related("service", "task", "doctor", "slot__shift__room__location")
        .get(pk=offer)
    )
    return row, claimed


def _log(
    offer: SlotOffer | None,
    entry: WaitlistEntry,
    *,
    outcome: CallOutcome,
    by: Actor,
    note: str,
    call_back_at: datetime | None,
    now: datetime,
    reason: DeclineReason | None = None,
) -> CallAttempt:
    begun_at = claims.begun_at(task=offer.task_id, by=by) if offer else None
    attempt = CallAttempt.objects.create(
        entry=entry,
        begun_at=max(begun_at, entry.last_contact_at or begun_at) if begun_at else None,
        offer=offer,
        number=as_text(offer.task.phone) if offer else number_of(entry),
        outcome=outcome,
        reason=reason or "",
        note=note[:300],
        call_back_at=call_back_at,
        by=by.ref,
        by_name=by.name,
    )
    attempts = entry.attempts if outcome in NOT_COUNTED else entry.attempts + 1 if outcome in NOT_REACHED else 0
    writes.update([entry], attempts=attempts, last_contact_at=now)
    told = {"outcome": outcome} | ({"declined": reason} if reason else {})
    trail.record(by=by, action="waitlist.called", patient=entry.patient_id, object_ref=str(entry.pk), **told)
    return attempt

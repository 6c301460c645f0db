"""Applies the outcome of a call about a freed time to the offer, the entry and the next call (domain §6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.clock import today_on
from foundation.database import clock, writes
from notifications import texts
from notifications.actions import outbox
from notifications.models import Message
from patients.contact import number_of
from waitlist import calling_hours
from waitlist.actions import entries, offers
from waitlist.choices import NOT_REACHED, NOT_SPOKEN, CallOutcome, EntryState, OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from worklist.actions import claims, tasks

CALL_US_WITHIN = timedelta(days=3)
"""How long an SMS «call us» is of use; after that it would only puzzle."""


def is_sought(message: Message) -> bool:
    """Tells whether the patient of a message «call us» is still one who could not be reached."""
    entry = WaitlistEntry.objects.filter(pk=message.about).first() if message.about else None
    return entry is None or entry.state == EntryState.UNREACHABLE


def apply(
    offer: SlotOffer, entry: WaitlistEntry, outcome: CallOutcome, *, call_back_at: datetime | None, by: Actor
) -> None:
    """Does what follows from this outcome; offer and entry are locked, and the operator has the claim.

    «Записан» has its own way: `calls.finish_booked`.
    """
    if outcome in NOT_REACHED:
        _not_reached(offer, entry, outcome, by)
    elif outcome == CallOutcome.CALL_BACK and call_back_at:
        _call_back(offer, entry, call_back_at, by)
    elif outcome == CallOutcome.DECLINED_ALL:
        offers.end(offer, state=OfferState.DECLINED)
        entries.close_removed(entry, reason=str(outcome.label), by=by)
        tasks.finish(task=offer.task_id, outcome=outcome, by=by)
    elif outcome == CallOutcome.WRONG_NUMBER:
        _end(offer, OfferState.LAPSED, entry, EntryState.UNREACHABLE, outcome, by)
    else:
        _end(offer, OfferState.DECLINED, entry, EntryState.WAITING, outcome, by)
    if outcome in NOT_SPOKEN:
        claims.end(by=by)


def _not_reached(offer: SlotOffer, entry: WaitlistEntry, outcome: CallOutcome, by: Actor) -> None:
    """Tries again later; after the last attempt the patient gets an SMS and the time goes to the next person.

    For a visit today each person has one attempt.
    """
    if entry.attempts >= settings.CALL_ATTEMPTS:
        _end(offer, OfferState.LAPSED, entry, EntryState.UNREACHABLE, outcome, by)
        _ask_to_call(entry)
        return
    now = clock.now()
    again_at = calling_hours.next_moment(now + _pause(offer, now))
    today = offer.local_start.date() == today_on(offer.local_start, now=now)
    if today or again_at >= offer.starts_at:
        _end(offer, OfferState.LAPSED, entry, EntryState.WAITING, outcome, by)
    else:
        _try_again(offer, outcome, again_at, by)


def _pause(offer: SlotOffer, now: datetime) -> timedelta:
    soon = offer.starts_at - now < timedelta(days=1)
    return timedelta(minutes=settings.CALL_RETRY_SOON_MINUTES if soon else settings.CALL_RETRY_MINUTES)


def _call_back(offer: SlotOffer, entry: WaitlistEntry, at: datetime, by: Actor) -> None:
    writes.update([entry], not_before=at)
    if at >= offer.starts_at:
        _end(offer, OfferState.DECLINED, entry, EntryState.WAITING, CallOutcome.CALL_BACK, by)
    else:
        _try_again(offer, CallOutcome.CALL_BACK, at, by)


def _end(
    offer: SlotOffer, ended: OfferState, entry: WaitlistEntry, state: EntryState, outcome: CallOutcome, by: Actor
) -> None:
    offers.end(offer, state=ended)
    writes.update([entry], state=state)
    tasks.finish(task=offer.task_id, outcome=outcome, by=by)


def _try_again(offer: SlotOffer, outcome: CallOutcome, at: datetime, by: Actor) -> None:
    """Puts the call into the queue again and keeps the time until it can have been made."""
    offers.keep(offer, until=at + timedelta(minutes=settings.OFFER_MINUTES))
    tasks.retry(task=offer.task_id, outcome=outcome, not_before=at, by=by)


def _ask_to_call(entry: WaitlistEntry) -> None:
    if not (number := number_of(entry.patient, entry.representation)):
        return
    outbox.put(
        texts.CallUs(),
        address=number,
        about=entry.pk,
        patient=entry.patient_id,
        useful_until=clock.now() + CALL_US_WITHIN,
        dedupe_key=f"call_us:{entry.pk}:{timezone.localdate()}",
    )

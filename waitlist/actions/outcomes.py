"""Applies the outcome of a call about a free time to the offer, the entry and the next call (domain §6).

Nobody loses their place by not answering: the number rests, the time goes to the next in line at once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.database import clock, writes
from notifications import texts
from notifications.actions import outbox
from notifications.models import Message
from patients.choices import ContactWay
from waitlist import contacts, lessons, numbers
from waitlist.actions import entries, offers
from waitlist.choices import (
    FAILS,
    NOT_COUNTED,
    NOT_REACHED,
    NOT_SPOKEN,
    OPEN,
    CallOutcome,
    DeclineReason,
    EntryState,
    OfferState,
)
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.numbers import number_of
from worklist.actions import claims, phoned, tasks
from worklist.choices import Priority, TaskKind, Turn

CALL_US_WITHIN = timedelta(days=3)
"""How long an SMS «call us» is of use; after that it would only puzzle."""
FOUND_OUT_WITHIN = timedelta(days=1)
ENDS: Mapping[CallOutcome, OfferState] = {
    CallOutcome.BUSY: OfferState.WITHDRAWN,
    CallOutcome.DROPPED: OfferState.WITHDRAWN,
    CallOutcome.CALL_BACK: OfferState.WITHDRAWN,
    CallOutcome.WRONG_NUMBER: OfferState.WITHDRAWN,
    CallOutcome.BLOCKED: OfferState.WITHDRAWN,
    CallOutcome.WRITE_ONLY: OfferState.WITHDRAWN,
    CallOutcome.DECLINED_SLOT: OfferState.DECLINED,
    CallOutcome.DECLINED_ALL: OfferState.DECLINED,
}
"""What the outcome does to the offer; where the patient was not reached it has lapsed."""


def is_sought(message: Message) -> bool:
    """Tells whether the patient of a message «call us» is still one who could not be reached."""
    entry = WaitlistEntry.objects.filter(pk=message.about).first() if message.about else None
    return entry is None or (entry.state in OPEN and entry.attempts >= settings.CALL_ATTEMPTS)


def apply(
    offer: SlotOffer,
    current: SlotOffer | None,
    entry: WaitlistEntry,
    outcome: CallOutcome,
    *,
    call_back_at: datetime | None,
    reason: DeclineReason | None,
    by: Actor,
) -> None:
    """Does what follows from this outcome; `current` is the unanswered offer of the open entry, all three are locked.

    «Записан» has its own way: `calls.finish_booked`. A call that was cut off goes on: the operator dials again.
    """
    if outcome == CallOutcome.CALL_ONLY:
        return
    phoned.dialled(task=offer.task, pause=_pause(offer, outcome), by=by)
    if outcome == CallOutcome.DROPPED and current and current.state == OfferState.OPEN:
        return
    if outcome in FAILS and _goes_on_at_the_next(current, entry, by=by):
        return
    if current:
        offers.end(current, state=ENDS.get(outcome, OfferState.LAPSED))
        tasks.close(task=current.task_id, outcome=outcome, by=by, attempted=True)
    if outcome == CallOutcome.DECLINED_ALL:
        entries.close_removed(entry, reason=str((reason or outcome).label), by=by)
    else:
        writes.update([entry], **_columns(current or offer, entry, outcome))
    if entry.state == EntryState.UNREACHABLE:
        _find_out_number(entry)
    if outcome == CallOutcome.CALL_BACK and call_back_at:
        offers.promise(offer, at=call_back_at, by=by)
    if outcome in NOT_REACHED and outcome not in NOT_COUNTED and entry.attempts == settings.CALL_ATTEMPTS:
        _ask_to_call(entry)
    if outcome in NOT_SPOKEN:
        claims.end(by=by)
    else:
        claims.end_if_done(task=offer.task_id, by=by)


def learn(offer: SlotOffer, entry: WaitlistEntry, reason: DeclineReason, *, by: Actor) -> None:
    """Changes the wishes of a locked entry by what is sure of the reason for which the time was declined."""
    if new := lessons.lesson(offer, entry, reason):
        entries.learn(entry, wishes=new, reason=reason, by=by)


def _pause(offer: SlotOffer, outcome: CallOutcome) -> timedelta:
    """Returns for how long the number is left in peace (T101)."""
    if outcome == CallOutcome.DROPPED:
        return timedelta()
    if outcome == CallOutcome.BUSY:
        return timedelta(minutes=settings.CALL_BUSY_MINUTES)
    soon = offer.starts_at - clock.now() < timedelta(days=1)
    long = outcome in NOT_REACHED and not soon
    return timedelta(minutes=settings.CALL_RETRY_MINUTES if long else settings.CALL_RETRY_SOON_MINUTES)


def _columns(offer: SlotOffer, entry: WaitlistEntry, outcome: CallOutcome) -> dict[str, object]:
    """Returns what changes of an entry that stays on the list."""
    if outcome in FAILS:
        return {"state": EntryState.WAITING if entry.phone else EntryState.UNREACHABLE}
    if outcome == CallOutcome.CALL_BACK:
        return {"state": EntryState.OFFERED}
    waits: dict[str, object] = {"state": EntryState.WAITING}
    if outcome == CallOutcome.DECLINED_SLOT and (until := contacts.rest_after(entry)):
        waits |= {"rests_until": until, "rest_reason": ""}
    if outcome == CallOutcome.WRITE_ONLY:
        return waits
    tried = outcome not in NOT_REACHED or entry.attempts >= settings.CALL_ATTEMPTS
    asked = tried and offer.task.turn == Turn.AT_ONCE
    return waits | {"appeared_at": None, "sought_until": clock.now()} if asked else waits


def _goes_on_at_the_next(current: SlotOffer | None, entry: WaitlistEntry, *, by: Actor) -> bool:
    """Takes the same call on to the next number known of the person, and tells whether it goes on.

    It does not when they have none, when somebody phones that number, or it rests: then whoever comes next dials it.
    """
    number = numbers.next_of(entry)
    writes.update([entry], phone=number)
    if not number or current is None or current.state != OfferState.OPEN:
        return False
    return claims.go_on(task=current.task_id, number=number, by=by)


def _find_out_number(entry: WaitlistEntry) -> None:
    """Opens a task to find out how to reach a person of whom no number works; they keep their place."""
    now = clock.now()
    tasks.open(
        kind=TaskKind.FIND_NUMBER,
        subject=entry.pk,
        patient=entry.patient_id,
        phone="",
        priority=Priority(entry.priority),
        waiting_since=entry.arrived_at,
        due_at=now + FOUND_OUT_WITHIN,
        unless_open=True,
    )


def _ask_to_call(entry: WaitlistEntry) -> None:
    number = number_of(entry)
    if not number or entry.patient.contact_way == ContactWay.CALLS:
        return
    outbox.put(
        texts.CallUs(),
        address=number,
        about=entry.pk,
        patient=entry.patient_id,
        useful_until=clock.now() + CALL_US_WITHIN,
        dedupe_key=f"call_us:{entry.pk}:{timezone.localdate()}",
    )

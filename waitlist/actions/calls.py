"""`calls.claim_next(...)`, `calls.finish(...)`: the operator's queue (R21–R25).

Order of locks: offer → slot → entry. The patient's yes is `booking.from_offer`, which ends in `booked` here.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from foundation.database.locks import advisory_lock
from notifications import texts
from notifications.actions import outbox
from patients.contact import number_of
from scheduling.actions import slots
from scheduling.db_errors import translate_db_errors
from scheduling.models import Appointment
from waitlist import calling_hours
from waitlist.actions import entries
from waitlist.choices import NOT_REACHED, OPEN_OFFER, CallOutcome, EntryState, OfferState
from waitlist.errors import CallBackTimeNeeded, NotYourCall, OfferGone, OutcomeNeeded
from waitlist.matching import end_offer
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry

CALL_US_WITHIN = timedelta(days=3)
"""A request to call us that could not be sent so long would only puzzle."""
QUEUE_ORDER = ("entry__priority", "entry__created_at", "starts_at")


def claim_next(*, by: Actor) -> SlotOffer | None:
    """«Следующий»: the first offer that may be called about now, claimed for this operator; None when there is none.

    An operator who has a call keeps it: one person, one call. Two operators never get the same entry or person (T09).
    """
    now = timezone.now()
    passed: list[UUID] = []
    while True:
        try:
            with transaction.atomic():
                advisory_lock(by.ref)  # a double click is one call
                if mine := _own_call(now, by):
                    return mine
                offer = _first_due(now, passed)
                if offer is None:
                    return None
                passed.append(offer.patient_id)
                return _claim(offer, now=now, by=by)
        except IntegrityError:  # another operator is talking to this very person about another time
            continue


@transaction.atomic
def claim(*, offer: UUID, by: Actor) -> SlotOffer:
    """Takes one offer from the list. Raises OfferGone, NotYourCall."""
    now = timezone.now()
    row = SlotOffer.objects.select_for_update(of=["self"]).filter(pk=offer).first()
    if row is None or row.state not in OPEN_OFFER or row.expires_at <= now:
        raise OfferGone
    if row.claim_until and row.claim_until > now and row.claimed_by != by.ref:
        raise NotYourCall
    try:
        with transaction.atomic():
            return _claim(row, now=now, by=by)
    except IntegrityError as error:
        raise NotYourCall from error


@transaction.atomic
def keep_alive(*, offer: UUID, by: Actor) -> bool:
    """The open call page says that the operator is still there. False when the claim is lost."""
    now = timezone.now()
    until = now + timedelta(minutes=settings.CLAIM_MINUTES)
    mine = SlotOffer.objects.filter(pk=offer, state=OfferState.CALLING, claimed_by=by.ref, expires_at__gt=now)
    kept_until = Greatest("expires_at", Least(Value(until), F("starts_at")))  # the slot is held for the whole call
    if not mine.update(claim_until=until, expires_at=kept_until):
        return False
    slots.prolong(token=offer, until=SlotOffer.objects.values_list("expires_at", flat=True).get(pk=offer))
    return True


@transaction.atomic
def give_back(*, offer: UUID, by: Actor) -> None:
    """The operator did not dial after all: the offer goes back into the queue, nothing is logged as a call."""
    row = _mine(offer, by)
    _back_to_queue(row, not_before=row.not_before)


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
    SlotOffer.objects.filter(pk=offer).update(attempts=F("attempts") + 1)
    entry = entries.locked(row.entry_id)
    attempt = _log(row, entry, outcome=outcome, by=by, note=note, call_back_at=call_back_at, now=now)
    if outcome in NOT_REACHED:
        _not_reached(row, entry, now)
    elif outcome == CallOutcome.CALL_BACK:
        _call_back(row, entry, call_back_at)
    elif outcome == CallOutcome.DECLINED_ALL:
        end_offer(row, state=OfferState.DECLINED)
        entries.close_removed(entry, reason=str(CallOutcome.DECLINED_ALL.label), by=by)
    else:
        unreachable = outcome == CallOutcome.WRONG_NUMBER
        end_offer(row, state=OfferState.LAPSED if unreachable else OfferState.DECLINED)
        _set_state(entry, EntryState.UNREACHABLE if unreachable else EntryState.WAITING)
    return attempt


def said_yes(*, offer: UUID, by: Actor) -> SlotOffer | Appointment:
    """The call about this offer, locked; or the visit that the same yes has made before: a second click waits here.

    Raises OfferGone, NotYourCall.
    """
    known = SlotOffer.objects.select_for_update().get(pk=offer)
    if known.state == OfferState.ACCEPTED and known.claimed_by == by.ref:
        return Appointment.objects.get(waitlist_entry=known.entry_id)
    return _mine(offer, by)


def open_offer(*, entry: UUID, by: Actor) -> SlotOffer | None:
    """What this entry is offered now, locked. Raises NotYourCall while another operator talks about it."""
    offer = SlotOffer.objects.select_for_update().filter(entry=entry, state__in=OPEN_OFFER).first()
    if offer and offer.state == OfferState.CALLING and offer.claimed_by != by.ref:
        raise NotYourCall
    return offer


def booked(*, entry: UUID, offer: SlotOffer | None, state: OfferState, appointment: Appointment, by: Actor) -> None:
    """The call ended with a visit (R25): its outcome, the end of the offer and the closed entry. Raises EntryClosed."""
    row = entries.locked(entry)
    _log(offer, row, outcome=CallOutcome.BOOKED, by=by, note="", call_back_at=None, now=timezone.now())
    if offer:
        end_offer(offer, state=state)
    entries.close_booked(row, appointment=appointment, by=by)


@transaction.atomic
def remove_entry(*, entry: UUID, reason: str, by: Actor) -> None:
    """Takes a patient off the list at their word; an offer made to them ends."""
    if offer := open_offer(entry=entry, by=by):
        end_offer(offer, state=OfferState.DECLINED)
    entries.close_removed(entries.locked(entry), reason=reason, by=by)


def due(now: datetime) -> Q:
    """Offers that may be called about: proposed and not put off, or left by a browser that died."""
    proposed = Q(state=OfferState.PROPOSED) & (Q(not_before=None) | Q(not_before__lte=now))
    return (proposed | Q(state=OfferState.CALLING, claim_until__lte=now)) & Q(expires_at__gt=now)


def _own_call(now: datetime, by: Actor) -> SlotOffer | None:
    return SlotOffer.objects.filter(state=OfferState.CALLING, claimed_by=by.ref, claim_until__gt=now).first()


def _first_due(now: datetime, passed: list[UUID]) -> SlotOffer | None:
    return (
        SlotOffer.objects.select_for_update(of=["self"], skip_locked=True)
        .filter(due(now))
        .exclude(patient__in=passed)
        .order_by(*QUEUE_ORDER)
        .first()
    )


def _claim(offer: SlotOffer, *, now: datetime, by: Actor) -> SlotOffer:
    """Writes the claim and keeps the slot for the length of the call (R24)."""
    call_ends = min(now + timedelta(minutes=settings.CALL_HOLD_MINUTES), offer.starts_at)
    offer.state, offer.claimed_by, offer.claimed_by_name = OfferState.CALLING, by.ref, by.name
    offer.claim_until = now + timedelta(minutes=settings.CLAIM_MINUTES)
    offer.expires_at = max(offer.expires_at, call_ends)
    offer.save(update_fields=["state", "claimed_by", "claimed_by_name", "claim_until", "expires_at"])
    slots.prolong(token=offer.pk, until=offer.expires_at)
    trail.record(by=by, action="waitlist.call_claimed", patient=offer.patient_id, object_ref=str(offer.pk))
    return offer


def _mine(offer: UUID, by: Actor) -> SlotOffer:
    row = SlotOffer.objects.select_for_update(of=["self"]).select_related("service").filter(pk=offer).first()
    if row is None or row.state not in OPEN_OFFER or row.expires_at <= timezone.now():
        raise OfferGone
    if row.state != OfferState.CALLING or row.claimed_by != by.ref:
        raise NotYourCall
    return row


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


def _not_reached(offer: SlotOffer, entry: WaitlistEntry, now: datetime) -> None:
    """Try again later; for a visit today one attempt each, then the next person; after the last one an SMS."""
    if entry.attempts >= settings.CALL_ATTEMPTS:
        end_offer(offer, state=OfferState.LAPSED)
        _set_state(entry, EntryState.UNREACHABLE)
        _ask_to_call(entry)
        return
    again_at = calling_hours.next_moment(now + _pause(offer, now))
    today = timezone.localtime(offer.starts_at).date() == timezone.localdate(now)
    if today or again_at >= offer.starts_at:
        end_offer(offer, state=OfferState.LAPSED)
        _set_state(entry, EntryState.WAITING)
        return
    _back_to_queue(offer, not_before=again_at)


def _pause(offer: SlotOffer, now: datetime) -> timedelta:
    soon = offer.starts_at - now < timedelta(days=1)
    return timedelta(minutes=settings.CALL_RETRY_SOON_MINUTES if soon else settings.CALL_RETRY_MINUTES)


def _call_back(offer: SlotOffer, entry: WaitlistEntry, at: datetime | None) -> None:
    entry.not_before = at
    entry.save(update_fields=["not_before"])
    if at is None or at >= offer.starts_at:
        end_offer(offer, state=OfferState.DECLINED)
        _set_state(entry, EntryState.WAITING)
    else:
        _back_to_queue(offer, not_before=at)


def _back_to_queue(offer: SlotOffer, *, not_before: datetime | None) -> None:
    """Proposed again; the time is kept until it has been possible to call once more."""
    if not_before:
        kept = min(not_before + timedelta(minutes=settings.OFFER_MINUTES), offer.starts_at)
        offer.expires_at = max(offer.expires_at, kept)
    offer.state, offer.not_before = OfferState.PROPOSED, not_before
    offer.claimed_by = offer.claimed_by_name = ""
    offer.claim_until = None
    offer.save(update_fields=["state", "not_before", "claimed_by", "claimed_by_name", "claim_until", "expires_at"])
    slots.prolong(token=offer.pk, until=offer.expires_at)


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

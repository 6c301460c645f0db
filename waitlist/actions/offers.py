"""An offer is one free time that one waiting patient is to be phoned about.

It is proposed without a lock, held from an operator's claim to the outcome, and ends in three places, always here and
together: the offer, the hold on its slots, the task. Order of locks: offer → slot → entry → task.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.actors import Actor, system
from foundation.audit import trail
from foundation.changes import as_text
from foundation.database import clock, writes
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.models import Slot
from scheduling.queries.read_models import AnyService
from waitlist import calling_hours, holds
from waitlist.actions import freed_times
from waitlist.choices import IN_THE_AIR, UNANSWERED, EntryState, OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.ranking.runs import is_free
from waitlist.ranking.search import WaitingEntry
from worklist.actions import claims, tasks
from worklist.choices import Priority, TaskKind, Turn
from worklist.models import Claim

MATCHING = system("matching")


def propose(
    entry: WaitingEntry | WaitlistEntry, run: Sequence[Slot], *, service: UUID, number: str, turn: Turn = Turn.DUE
) -> SlotOffer:
    """Puts a call about a free time into the queue; nothing is held. `number` is E.164 or empty.

    The entry is locked, and nobody else is to be phoned about these slots.
    """
    until = _phoned_until(run[0].starts_at)
    task = tasks.open(
        kind=TaskKind.FREED_TIME,
        subject=entry.id,
        patient=entry.patient_id,
        phone=number,
        priority=Priority(entry.priority),
        turn=turn,
        waiting_since=entry.arrived_at,
        due_at=run[0].starts_at,
        expires_at=until,
    )
    offer = SlotOffer(
        entry_id=entry.id,
        patient_id=entry.patient_id,
        slot=run[0],
        doctor_id=run[0].doctor_id,
        service_id=service,
        starts_at=run[0].starts_at,
        expires_at=until,
        task=task,
    )
    writes.insert(offer)
    writes.update([WaitlistEntry(pk=entry.id)], state=EntryState.OFFERED)
    trail.record(by=MATCHING, action="waitlist.offered", patient=entry.patient_id, object_ref=str(offer.pk))
    return offer


class Choice(NamedTuple):
    """A time that a patient may be offered."""

    doctor: UUID
    starts_at: datetime
    service: AnyService

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.service.minutes)


def lock_times(choices: Iterable[Choice]) -> None:
    """Locks the slots of all these times together, in order of id: brother and sister may have one doctor."""
    spans = [Q(doctor=each.doctor, starts_at__gte=each.starts_at, starts_at__lt=each.ends_at) for each in choices]
    slots.lock(Slot.objects.filter(reduce(or_, spans)).values_list("pk", flat=True) if spans else ())


def begin(offer: SlotOffer, choices: Sequence[Choice]) -> None:
    """Holds for the call that begins now the first of these times that is free, and up to two others to choose from.

    The offer and the times are locked. When none is free a promised call is made all the same, another is withdrawn.
    Where the caps allow no hold the call is made without: first come wins. So is a promised call about a time of which
    somebody else is to be told by now.
    """
    found = [(choice, run) for choice in choices if (run := free_run(choice))]
    spoken_for = _spoken_for([run[0].pk for _choice, run in found], but=offer)
    if offer.state == OfferState.PROMISED and offer.slot_id in spoken_for:
        return
    free = [(choice, run) for choice, run in found if run[0].pk not in spoken_for]
    if not free and offer.state == OfferState.PROPOSED:
        withdraw(offer)
        return
    tasks.prolong(task=offer.task_id, until=None)
    if not free:
        return
    (chief, run), *others = free[: settings.TIMES_PER_CALL]
    until = min(clock.now() + timedelta(minutes=settings.CALL_HOLD_MINUTES), chief.starts_at)
    writes.update(
        [offer],
        state=OfferState.OPEN,
        slot=run[0],
        also=[each[0].pk for _choice, each in others],
        doctor_id=chief.doctor,
        service_id=chief.service.pk,
        starts_at=chief.starts_at,
        expires_at=until,
    )
    for _choice, each in [(chief, run), *others]:
        _hold(offer, each, until)
    freed_times.phoned_about(offer)


def _spoken_for(slots: Collection[UUID], *, but: SlotOffer) -> set[UUID]:
    """Returns those of these locked first slots of which another person is to be told."""
    others = SlotOffer.objects.filter(slot__in=slots, state__in=IN_THE_AIR).exclude(pk=but.pk)
    return set(others.values_list("slot", flat=True))


def put_back(offer: SlotOffer) -> None:
    """Puts a locked offer that nobody was asked about back into the queue; a promised call stays promised."""
    if offer.state != OfferState.OPEN:
        return
    slots.drop(tokens=[offer.pk], reason=ReleaseReason.OFFER_ENDED)
    if offer.task.turn == Turn.PROMISED:
        writes.update([offer], state=OfferState.PROMISED)
        return
    until = _phoned_until(offer.starts_at)
    writes.update([offer], state=OfferState.PROPOSED, expires_at=until)
    tasks.prolong(task=offer.task_id, until=until)


def end(offer: SlotOffer, *, state: OfferState) -> None:
    """Closes a locked offer and frees the slots it still held; the caller ends its task.

    Unless the patient has taken it, the next in line is looked for.
    """
    writes.update([offer], state=state, ended_at=clock.now())
    slots.drop(tokens=[offer.pk], reason=ReleaseReason.OFFER_ENDED)
    if state != OfferState.ACCEPTED:
        freed_times.look_again(offer)


def lock_unclaimed(of: Q) -> list[SlotOffer]:
    """Locks and returns the proposals of this condition that no operator has taken yet."""
    claimed = Claim.objects.filter(key=OuterRef("task__claim_key"), until__gt=clock.now())
    there = SlotOffer.objects.filter(of, ~Exists(claimed), state=OfferState.PROPOSED)
    return list(there.select_related("task", "service").select_for_update(of=["self"]).order_by("pk"))


def withdraw(offer: SlotOffer) -> None:
    """Ends a locked offer that nobody was asked about: the patient waits on, and nobody phones about it."""
    end(offer, state=OfferState.WITHDRAWN)
    WaitlistEntry.objects.filter(pk=offer.entry_id, state=EntryState.OFFERED).update(state=EntryState.WAITING)
    tasks.close(task=offer.task_id, by=MATCHING)


def promise(offer: SlotOffer, *, at: datetime, by: Actor) -> None:
    """Promises a call about what an ended offer was about; it holds nothing until it is made."""
    task = tasks.open(
        kind=TaskKind.FREED_TIME,
        subject=offer.entry_id,
        patient=offer.patient_id,
        phone=as_text(offer.task.phone),
        priority=Priority(offer.task.priority),
        turn=Turn.PROMISED,
        waiting_since=offer.task.waiting_since,
        due_at=at,
        not_before=at,
    )
    promised = SlotOffer(
        entry_id=offer.entry_id,
        patient_id=offer.patient_id,
        slot_id=offer.slot_id,
        doctor_id=offer.doctor_id,
        service_id=offer.service_id,
        starts_at=offer.starts_at,
        state=OfferState.PROMISED,
        expires_at=at,
        task=task,
    )
    writes.insert(promised)
    trail.record(by=by, action="waitlist.promised", patient=offer.patient_id, object_ref=str(promised.pk))


def free_run(choice: Choice) -> list[Slot]:
    """Locks the slots of a time and returns them in order; empty when they are not all free.

    What the waitlist's first refusal keeps is free for the waitlist.
    """
    now = clock.now()
    reached = Slot.objects.filter(doctor=choice.doctor, starts_at__gte=choice.starts_at, starts_at__lt=choice.ends_at)
    run = sorted(slots.lock(reached.values_list("pk", flat=True)), key=lambda slot: slot.starts_at)
    whole = bool(run) and run[0].starts_at == choice.starts_at and run[-1].ends_at >= choice.ends_at
    joined = all(slot.ends_at == later.starts_at for slot, later in pairwise(run))
    kept_back = _kept_back(run, now)
    free = whole and joined and all(is_free(slot, now, kept_for=kept_back) for slot in run)
    return run if free and run[0].starts_at > now else []


def _kept_back(run: Iterable[Slot], now: datetime) -> UUID | None:
    """Returns the token of the first refusal that keeps a slot of this time, which may be any of them."""
    refused = (slot for slot in run if slot.hold_reason == HoldReason.REFUSAL and slot.held_against(None, now))
    return next((slot.hold_token for slot in refused), None)


def _hold(offer: SlotOffer, run: Sequence[Slot], until: datetime) -> None:
    """Holds locked free slots for the call where the caps allow it, in the place of the first refusal."""
    now = clock.now()
    kept_back = _kept_back(run, now)
    if not holds.has_room(run, now=now, own=kept_back):
        return
    slots.drop(tokens=[kept_back] if kept_back else [], reason=ReleaseReason.HOLD_DROPPED)
    slots.keep(run, token=offer.pk, owner=f"offer:{offer.pk}", reason=HoldReason.OFFER, until=until)


def lock_between(starts_at: datetime, ends_at: datetime) -> None:
    """Locks the unanswered offers of times that a span may close, before it locks their slots."""
    reach = timedelta(days=1)  # longer than any service: an offered visit may have begun before the span
    there = SlotOffer.objects.filter(state__in=UNANSWERED, starts_at__gt=starts_at - reach, starts_at__lt=ends_at)
    list(there.select_for_update().order_by("pk").values_list("pk", flat=True))


def end_closed(*, slots: Collection[UUID], holds: Collection[UUID]) -> None:
    """Ends the offers of times that have been closed, known by their first slot or by their hold.

    Each patient waits on, and the operator's open page says that the offer is gone.
    """
    closed = SlotOffer.objects.filter(Q(slot__in=slots) | Q(pk__in=holds), state__in=UNANSWERED)
    there = closed.exclude(state=OfferState.PROMISED).select_related("service")
    for offer in there.select_for_update(of=["self"]).order_by("pk"):
        withdraw(offer)


def return_lapsed(*, now: datetime | None = None) -> int:
    """Gives back calls whose browser died (T09) and ends offers that nobody phones about in time; returns how many."""
    now = now or clock.now()
    returned = claims.return_lapsed(now=now)
    return returned + sum(_lapse(offer, now) for offer in _over(now).values_list("pk", flat=True))


def _over(now: datetime) -> QuerySet[SlotOffer]:
    """Returns proposals and calls that are over, or whose time somebody else has, while nobody works on them."""
    claimed = Claim.objects.filter(key=OuterRef("task__claim_key"), until__gt=now)
    gone = Q(slot__appointment__isnull=False) | Q(slot__absence__isnull=False)
    over = Q(state=OfferState.OPEN) | Q(state=OfferState.PROPOSED) & (Q(expires_at__lte=now) | gone)
    return SlotOffer.objects.filter(over).exclude(Exists(claimed))


@transaction.atomic
def _lapse(offer: UUID, now: datetime) -> bool:
    row = (
        _over(now)
        .filter(pk=offer)
        .select_related("task", "service")
        .select_for_update(skip_locked=True, of=["self"])
        .first()
    )
    if row is None:
        return False
    if row.state == OfferState.OPEN:
        put_back(row)
    else:
        withdraw(row)
    return True


def _phoned_until(starts_at: datetime) -> datetime:
    """Returns until when a proposal is of use; then it is ranked anew."""
    now = clock.now()
    closes = calling_hours.open_until(now) or calling_hours.next_moment(now)
    useful = now + timedelta(minutes=settings.PROPOSAL_MINUTES)
    return min(useful, max(closes, now), starts_at)

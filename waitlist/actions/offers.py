"""An offer keeps a freed time for one patient, with a task to call them.

The end of an offer is written in three places, always here and together: the offer, the hold on its slots, the task.
Order of locks: offer → slot → entry → task.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from foundation.accounts.actors import system
from foundation.audit import trail
from foundation.database import clock, writes
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.models import Slot
from waitlist.choices import EntryState, OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.ranking.search import WaitingEntry
from worklist.actions import claims, tasks
from worklist.choices import Priority, TaskKind

MATCHING = system("matching")


def make(entry: WaitingEntry, run: Sequence[Slot], *, service: UUID, number: str, until: datetime) -> SlotOffer:
    """Holds locked free slots for a locked entry and puts the call into the queue. `number` is E.164 or empty."""
    task = tasks.open(
        kind=TaskKind.FREED_TIME,
        subject=entry.id,
        patient=entry.patient_id,
        phone=number,
        priority=Priority(entry.priority),
        waiting_since=entry.arrived_at,
        due_at=run[0].starts_at,
        not_before=entry.not_before,
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
    slots.keep(run, token=offer.pk, owner=f"offer:{offer.pk}", reason=HoldReason.OFFER, until=until)
    writes.update([WaitlistEntry(pk=entry.id)], state=EntryState.OFFERED)
    trail.record(by=MATCHING, action="waitlist.offered", patient=entry.patient_id, object_ref=str(offer.pk))
    return offer


def keep(offer: SlotOffer, *, until: datetime) -> None:
    """Keeps the time of a locked offer until the given moment or its start, never shorter than it is kept now."""
    writes.update([offer], expires_at=max(offer.expires_at, min(until, offer.starts_at)))
    slots.prolong(token=offer.pk, until=offer.expires_at)
    tasks.prolong(task=offer.task_id, until=offer.expires_at)


def end(offer: SlotOffer, *, state: OfferState) -> None:
    """Closes a locked offer and frees the slots it still held; the caller ends its task."""
    writes.update([offer], state=state, ended_at=clock.now())
    slots.drop(tokens=[offer.pk], reason=ReleaseReason.OFFER_ENDED)


def lock_between(starts_at: datetime, ends_at: datetime) -> None:
    """Locks the open offers of times that a span may close, before it locks their slots."""
    reach = timedelta(days=1)  # longer than any service: an offered visit may have begun before the span
    there = SlotOffer.objects.filter(state=OfferState.OPEN, starts_at__gt=starts_at - reach, starts_at__lt=ends_at)
    list(there.select_for_update().order_by("pk").values_list("pk", flat=True))


def end_closed(*, slots: Collection[UUID], holds: Collection[UUID]) -> None:
    """Ends the offers of times that have been closed, known by their first slot or by their hold.

    Each patient waits on, and the operator's open page says that the offer is gone.
    """
    closed = SlotOffer.objects.filter(Q(slot__in=slots) | Q(pk__in=holds), state=OfferState.OPEN)
    for offer in closed.select_for_update().order_by("pk"):
        _end_unanswered(offer)


def _end_unanswered(offer: SlotOffer) -> None:
    """Ends a locked offer that nobody has answered: the patient waits on, and nobody phones about it."""
    end(offer, state=OfferState.LAPSED)
    WaitlistEntry.objects.filter(pk=offer.entry_id, state=EntryState.OFFERED).update(state=EntryState.WAITING)
    tasks.close(task=offer.task_id, by=MATCHING)


def return_lapsed(*, now: datetime | None = None) -> int:
    """Ends offers whose time ran out and gives back calls whose browser died (T09). Returns how many."""
    now = now or clock.now()
    returned = claims.return_lapsed(now=now)
    lapsed = SlotOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=now).values_list("pk", flat=True)
    return returned + sum(_lapse(offer, now) for offer in lapsed)


@transaction.atomic
def _lapse(offer: UUID, now: datetime) -> bool:
    offers = SlotOffer.objects.select_for_update(skip_locked=True)
    row = offers.filter(pk=offer, state=OfferState.OPEN, expires_at__lte=now).first()
    if row is None:
        return False
    _end_unanswered(row)
    return True

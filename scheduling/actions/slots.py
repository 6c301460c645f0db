"""Locks, holds and frees slots; only `release` makes a slot free, and it announces that to the waitlist.

Order of locks everywhere: an advisory lock (`foundation.database.locks`) → appointment → claim of a number → offer →
slot (by id) → waitlist entry → task.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from uuid_utils.compat import uuid7

from foundation.accounts.actors import Actor
from foundation.background import wakeups
from foundation.clock import day_of, day_start
from foundation.database import clock, writes
from scheduling.choices import AT_ONCE, GIVEN_BACK, HoldReason, ReleaseReason
from scheduling.db_errors import translate_db_errors
from scheduling.errors import DoesNotFit, SlotBlocked, SlotInPast, SlotTaken
from scheduling.models import Doctor, Room, Slot, SlotRelease
from scheduling.queries import availability, past, runs
from scheduling.queries.read_models import AnyService, FreeSlot

NO_HOLD = {
    "hold_token": None,
    "hold_owner": "",
    "hold_reason": "",
    "held_until": None,
    "held_since": None,
    "hold_network": "",
}


def lock(slot_ids: Iterable[UUID]) -> list[Slot]:
    """Locks slots in order of id until the transaction ends and returns them as they are now."""
    return list(Slot.objects.select_for_update(of=["self"]).filter(pk__in=list(slot_ids)).order_by("pk"))


class Run(NamedTuple):
    """Locked consecutive slots in order of time, and what was read beside them."""

    slots: list[Slot]
    doctor: Doctor
    room: Room
    """The room with its location."""
    given: bool
    """True when the doctor works here and gives the service."""
    patient_busy: bool
    another: UUID | None
    """A first visit ahead of the patient that this one would repeat."""
    made: UUID | None
    """The appointment that the form with this key has made before; None when there is none."""


def lock_run(*, start: UUID, service: AnyService, patient: UUID | None = None, key: str | None = None) -> Run:
    """Locks the consecutive slots that `service` takes from `start` on, and reads what a booking has to know.

    Raises SlotTaken when there is no such slot, DoesNotFit when the shift ends or has a gap before the service does.
    """
    rows = runs.lock(start=start, service=service, patient=patient, key=key)
    if not rows:
        raise SlotTaken
    run = checked_run([row.slot for row in rows], start=start, service=service)
    beside = rows[0]
    beside.room.location = beside.location
    return Run(
        slots=run,
        doctor=beside.doctor,
        room=beside.room,
        given=beside.given,
        patient_busy=beside.patient_busy,
        another=beside.another,
        made=beside.made,
    )


def run_ids(*, start: UUID, service: AnyService) -> list[UUID]:
    """Returns the ids of the slots that `service` takes from `start` on. Raises SlotTaken when there is none."""
    starts = F("shift__slots__starts_at")
    until = starts + timedelta(minutes=service.minutes)
    reached = Slot.objects.filter(shift__slots__pk=start, starts_at__gte=starts, starts_at__lt=until)
    if not (found := list(reached.values_list("pk", flat=True))):
        raise SlotTaken
    return found


def checked_run(locked: Iterable[Slot], *, start: UUID, service: AnyService) -> list[Slot]:
    """Returns the slots in order of time. Raises DoesNotFit when there is a gap or they are too short for `service`."""
    run = sorted(locked, key=lambda slot: slot.starts_at)
    seamless = all(earlier.ends_at == later.starts_at for earlier, later in pairwise(run))
    if not run or run[0].pk != start or not seamless:
        raise DoesNotFit
    if run[-1].ends_at < run[0].starts_at + timedelta(minutes=service.minutes):
        raise DoesNotFit
    return run


def check_bookable(
    run: Sequence[Slot],
    *,
    now: datetime,
    hold_token: UUID | None,
    service: AnyService,
    own: UUID | None = None,
    offered: bool = False,
) -> None:
    """Checks on locked rows that they may be booked.

    `own` is the appointment that is being moved: what it holds already does not stand in its way. The hold of an offer
    opens for the call about it alone, which is `offered`; that of a step that can be undone and that of the waitlist's
    first refusal for nobody. Raises SlotInPast, SlotBlocked, SlotTaken with the nearest alternatives.
    """
    if run[0].starts_at < availability.earliest_start(now):
        raise SlotInPast
    if any(slot.absence_id for slot in run):
        raise SlotBlocked
    reasons = {slot.hold_reason for slot in run}
    shut = bool({HoldReason.UNDO, HoldReason.REFUSAL} & reasons) or (HoldReason.OFFER in reasons and not offered)
    opens = None if shut else hold_token
    if any(slot.appointment_id not in (None, own) or slot.held_against(opens, now) for slot in run):
        raise SlotTaken(availability.alternatives(run[0], service))


@translate_db_errors
@transaction.atomic
def hold(
    *,
    start: UUID,
    service: AnyService,
    reason: HoldReason,
    by: Actor,
    token: UUID | None = None,
    until: datetime | None = None,
) -> UUID:
    """Holds the run of slots for `by` and returns the token; an owner has one hold per reason, the former one ends.

    Raises what `lock_run` and `check_bookable` raise. Holding again with the same token prolongs the hold.
    """
    now = clock.now()
    token = token or uuid7()
    run = lock_to_hold(start=start, service=service, reasons=[reason], by=by, token=token, now=now)
    keep(run, token=token, owner=by.ref, reason=reason, until=until or now + hold_time(reason))
    return token


def lock_to_hold(
    *, start: UUID, service: AnyService, reasons: Collection[HoldReason], by: Actor, token: UUID, now: datetime
) -> list[Slot]:
    """Locks a run that may be held, after the former holds of its new owner for these reasons have ended.

    Raises what `lock_run` and `check_bookable` raise.
    """
    held = Slot.objects.filter(hold_token__isnull=False)  # an index knows these few; without it all slots are read
    former = held.filter(hold_owner=by.ref, hold_reason__in=reasons).exclude(hold_token=token)
    tokens = dict(former.values_list("pk", "hold_token"))
    new = set(run_ids(start=start, service=service))
    lock({*tokens, *new})  # together, in order of id: two people may be changing places
    drop(tokens=tokens.values(), reason=ReleaseReason.HOLD_DROPPED)
    run = checked_run(lock(new), start=start, service=service)  # read anew: the former hold may have been on these
    check_bookable(run, now=now, hold_token=token, service=service)
    return run


def keep(
    run: Sequence[Slot],
    *,
    token: UUID,
    owner: str,
    reason: HoldReason,
    until: datetime,
    since: datetime | None = None,
    network: str = "",
) -> None:
    """Writes the hold on slots that the caller has locked and checked; the last two are told of visitors alone."""
    held = {"hold_token": token, "hold_owner": owner, "hold_reason": reason, "held_until": until}
    writes.update(run, **held, held_since=since, hold_network=network)


def prolong(*, token: UUID, until: datetime) -> bool:
    """Moves the end of a hold that still stands; returns False when it has lapsed or is gone."""
    return bool(Slot.objects.filter(hold_token=token, held_until__gt=clock.now()).update(held_until=until))


def hold_time(reason: HoldReason) -> timedelta:
    """Returns how long a hold for this reason lasts."""
    on_call = reason in (HoldReason.CALL, HoldReason.OFFER)
    return timedelta(minutes=settings.CALL_HOLD_MINUTES if on_call else settings.HOLD_MINUTES)


def lock_held(tokens: Iterable[UUID | None]) -> list[Slot]:
    """Locks the slots held under these tokens in order of id and returns them."""
    tokens = set(tokens)
    ids = Slot.objects.filter(hold_token__in=tokens).values_list("pk", flat=True)
    return [slot for slot in lock(ids) if slot.hold_token in tokens]


@transaction.atomic
def drop(*, tokens: Iterable[UUID | None], reason: ReleaseReason) -> int:
    """Frees the slots held under this token and returns how many; a slot that others hold by now is left to them."""
    held = lock_held(tokens)
    release(held, reason=reason)
    return len(held)


def release(run: Sequence[Slot], *, reason: ReleaseReason) -> None:
    """Takes locked slots from whoever has them. Those that no absence closes are free.

    Of what somebody has given back the waitlist hears after the caller's transaction; what was only held was free
    before (O06).
    """
    if not run:
        return
    Slot.objects.filter(pk__in=[slot.pk for slot in run]).update(appointment=None, **NO_HOLD)
    if reason in (*GIVEN_BACK, *AT_ONCE):
        announce([slot for slot in run if slot.absence_id is None], reason=reason)


def leave(run: Sequence[Slot], *, reason: ReleaseReason, by: Actor, until: datetime | None) -> UUID | None:
    """Takes locked slots from the visit that leaves them, as `release` does; with a grace they are held until then.

    Returns the token of that hold, which opens for `undo` alone.
    """
    if until is None or not run:
        release(run, reason=reason)
        return None
    token = uuid7()
    held = {"hold_token": token, "hold_owner": by.ref, "hold_reason": HoldReason.UNDO, "held_until": until}
    Slot.objects.filter(pk__in=[slot.pk for slot in run]).update(appointment=None, **held)
    return token


def announce(run: Sequence[Slot | FreeSlot], *, reason: ReleaseReason) -> None:
    """Tells the waitlist of slots that have become free: given back, reopened or published."""
    if not run:
        return
    now = clock.now()
    SlotRelease.objects.bulk_create(SlotRelease(slot_id=slot.pk, reason=reason) for slot in run if slot.starts_at > now)
    wakeups.after_commit(settings.SLOT_FREED_TASK)


def retire_past(*, now: datetime | None = None, limit: int = 5000) -> int:
    """Takes unbooked slots of past days out of the index of free ones, a bounded number; returns how many.

    An index of all slots that were ever left free would grow with the years, and every search reads it. It waits for no
    lock, so the order of locks does not matter here.
    """
    bookable_since = availability.earliest_start(now or clock.now())
    before = day_start(day_of(bookable_since))
    return past.retire(before=before, limit=limit)


@transaction.atomic
def release_lapsed(*, now: datetime | None = None, limit: int = 500) -> int:
    """Ends holds whose time is up and returns how many slots it freed; holds of offers end with their offer.

    A step that nobody has undone in its grace lets its times go by this.
    """
    lapsed = list(
        Slot.objects.select_for_update(skip_locked=True)
        .filter(hold_token__isnull=False, held_until__lte=now or clock.now())
        .exclude(hold_reason=HoldReason.OFFER)
        .order_by("pk")[:limit]
    )
    release([slot for slot in lapsed if slot.hold_reason != HoldReason.UNDO], reason=ReleaseReason.HOLD_LAPSED)
    release([slot for slot in lapsed if slot.hold_reason == HoldReason.UNDO], reason=ReleaseReason.GRACE_OVER)
    return len(lapsed)

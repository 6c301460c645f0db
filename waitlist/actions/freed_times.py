"""Freed times: taken in from releases, kept from the public for the first refusal, ended when somebody has them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from foundation.background import wakeups
from foundation.database import clock
from patients.choices import ContactWay
from scheduling.actions import slots
from scheduling.choices import AT_ONCE, HoldReason, ReleaseOutcome, ReleaseReason
from scheduling.models import Service, Slot, SlotRelease
from waitlist import calling_hours, holds
from waitlist.choices import EntryState, FreedOutcome, OfferState
from waitlist.models import FreedTime, SlotOffer, WaitlistEntry
from worklist import duty

TAKEN_IN = 500
"""How many releases one transaction takes in."""
LOOK_AGAIN = timedelta(minutes=15)
"""A time for which nobody can be phoned now is looked at again so much later at the latest: rules and visits change."""
WHILE_HELD = timedelta(minutes=1)
"""The same, while somebody holds the time at the moment."""
WHILE_FAILING = timedelta(seconds=1)
"""The same, after a fault of ours."""
OWNER = "system:waitlist"


@transaction.atomic
def take_in() -> tuple[int, dict[UUID, datetime]]:
    """Takes in releases that no other worker has; returns how many, and of which specialties times were freed at once.

    A time given back is looked after for itself. Of a published month people are told, not times: each specialty comes
    with the first of its new times.
    """
    releases = list(
        SlotRelease.objects.select_for_update(skip_locked=True).filter(handled_at=None).order_by("pk")[:TAKEN_IN]
    )
    if not releases:
        return 0, {}
    locked = {slot.pk: slot for slot in slots.lock(release.slot_id for release in releases)}
    now = clock.now()
    sought: list[Slot] = []
    at_once: dict[UUID, datetime] = {}
    for release in releases:
        slot = locked[release.slot_id]
        release.handled_at, release.outcome = now, _outcome(slot, now)
        if release.outcome == ReleaseOutcome.SOUGHT and release.reason in AT_ONCE:
            at_once[slot.doctor_id] = min(slot.starts_at, at_once.get(slot.doctor_id, slot.starts_at))
        elif release.outcome == ReleaseOutcome.SOUGHT:
            sought.append(slot)
    SlotRelease.objects.bulk_update(releases, ["handled_at", "outcome"])
    _look_after(sought, now)
    return len(releases), _by_specialty(at_once)


def phoned_about(offer: SlotOffer) -> None:
    """Writes that somebody is being phoned about what was freed of an offer's time."""
    of_offer(offer).filter(phoned_at=None).update(phoned_at=clock.now())


def look_again(offer: SlotOffer) -> None:
    """Has the next in line looked for: whoever was first has not taken the time."""
    of_offer(offer).update(look_at=clock.now())
    wakeups.after_commit(settings.SLOT_FREED_TASK)


def look_for(entry: WaitlistEntry) -> None:
    """Has all times of their specialty looked at for a person who waits from now on, or for something else.

    One that a worker is looking at is left to its next look: the worker may wait for this very person.
    """
    there = FreedTime.objects.select_for_update(skip_locked=True, of=["self"]).filter(ended_at=None)
    of_specialty = there.filter(slot__doctor__services__specialty=entry.specialty_id)
    FreedTime.objects.filter(pk__in=of_specialty.values("pk")).update(look_at=clock.now())
    wakeups.after_commit(settings.SLOT_FREED_TASK)


def of_offer(offer: SlotOffer) -> QuerySet[FreedTime]:
    """Returns the freed times that the visit of this offer would take."""
    ends = offer.starts_at + timedelta(minutes=offer.service.minutes)
    return FreedTime.objects.filter(
        ended_at=None, slot__doctor=offer.doctor_id, starts_at__gte=offer.starts_at, starts_at__lt=ends
    )


def await_answers(freed_time: UUID, *, until: datetime) -> None:
    """Looks for people later: nobody has said yes to the message yet. The first refusal goes on meanwhile."""
    FreedTime.objects.filter(pk=freed_time).update(look_at=until)


def put_off(freed_time: UUID, *, until: datetime) -> None:
    """Looks for people later: nobody may be phoned now. The public need not wait for that."""
    FreedTime.objects.filter(pk=freed_time).update(look_at=until, kept_until=None)
    slots.drop(tokens=[freed_time], reason=ReleaseReason.HOLD_DROPPED)


@transaction.atomic
def settle(*, now: datetime) -> int:
    """Ends freed times that somebody has, that are closed or too near to phone about; returns how many."""
    from_list = SlotOffer.objects.filter(slot=OuterRef("slot"), state=OfferState.ACCEPTED)
    over = Q(slot__appointment__isnull=False) | Q(slot__absence__isnull=False) | Q(starts_at__lte=latest_call(now))
    in_the_air = SlotOffer.objects.filter(slot=OuterRef("slot"), state=OfferState.OPEN)
    ended = FreedTime.objects.filter(over, ended_at=None).exclude(Exists(in_the_air))
    return FreedTime.objects.filter(pk__in=list(ended.values_list("pk", flat=True))).update(
        ended_at=now,
        channel=Coalesce(Subquery(_booked().values("appointment__channel")), Value("")),
        outcome=Case(
            When(Exists(from_list) & Exists(_booked()), then=Value(FreedOutcome.FILLED)),
            When(Exists(_booked()), then=Value(FreedOutcome.TAKEN)),
            When(starts_at__lte=latest_call(now), then=Value(FreedOutcome.PASSED)),
            default=Value(FreedOutcome.CLOSED),
        ),
    )


def latest_call(now: datetime) -> datetime:
    """Returns the moment up to which times are too near: whoever is phoned about one has to come in time."""
    return now + timedelta(minutes=settings.WAITLIST_STOP_MINUTES)


def last_call(starts_at: datetime) -> datetime:
    """Returns the moment after which a time that starts then is too near to phone about."""
    return starts_at - timedelta(minutes=settings.WAITLIST_STOP_MINUTES)


def _booked() -> QuerySet[Slot]:
    return Slot.objects.filter(pk=OuterRef("slot"), appointment__isnull=False)


def _by_specialty(doctors: Mapping[UUID, datetime]) -> dict[UUID, datetime]:
    """Returns the specialties of the services that these doctors give, each with the first of their times."""
    given = Service.objects.filter(doctors__in=doctors, active=True).values_list("specialty", "doctors").distinct()
    first: dict[UUID, datetime] = {}
    for specialty, doctor in given if doctors else ():
        if doctor in doctors:
            first[specialty] = min(doctors[doctor], first.get(specialty, doctors[doctor]))
    return first


def _outcome(slot: Slot, now: datetime) -> ReleaseOutcome:
    if slot.appointment_id or slot.absence_id:
        return ReleaseOutcome.NOT_FREE
    return ReleaseOutcome.TOO_LATE if slot.starts_at <= latest_call(now) else ReleaseOutcome.SOUGHT


def _look_after(freed: Sequence[Slot], now: datetime) -> None:
    asks = settings.MESSAGE_FIRST or (bool(freed) and _anybody_writes())
    asking = {slot: _asking(slot, now) if asks else {} for slot in freed}
    new = [FreedTime(slot=slot, starts_at=slot.starts_at, look_at=now, **asking[slot]) for slot in freed]
    FreedTime.objects.bulk_create(new, ignore_conflicts=True)
    FreedTime.objects.filter(slot__in=freed, ended_at=None).update(look_at=now)
    for run in _visits(freed):
        _keep_for_first_refusal(run, now)


def _anybody_writes() -> bool:
    writers = WaitlistEntry.objects.filter(state=EntryState.WAITING, patient__contact_way=ContactWay.WRITING)
    return writers.exists()


def _asking(slot: Slot, now: datetime) -> dict[str, datetime]:
    """Returns when people are asked by message about a time, and until when they may answer before others are phoned.

    Nothing where the time would be too near by then; without `MESSAGE_FIRST` nobody waits for their answers.
    """
    ask_at = calling_hours.next_call(now + timedelta(minutes=settings.MESSAGE_FIRST_GRACE_MINUTES))
    until = ask_at + timedelta(minutes=settings.MESSAGE_FIRST_WAIT_MINUTES)
    if last_call(slot.starts_at) <= until:
        return {}
    return {"ask_at": ask_at} | ({"answers_until": until} if settings.MESSAGE_FIRST else {})


def _visits(freed: Sequence[Slot]) -> list[list[Slot]]:
    """Parts freed slots into unbroken runs: a visit that was given back is one time."""
    runs: list[list[Slot]] = []
    for slot in sorted(set(freed), key=lambda slot: (slot.doctor_id.hex, slot.starts_at)):
        if runs and runs[-1][-1].doctor_id == slot.doctor_id and runs[-1][-1].ends_at == slot.starts_at:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _keep_for_first_refusal(run: Sequence[Slot], now: datetime) -> None:
    """Keeps a freed visit from the public for some minutes, in which the waitlist is phoned first.

    None is kept that was freed shortly before it begins, outside of the calling hours, or while nobody is there to
    phone.
    """
    closes = calling_hours.open_until(now)
    soon = run[0].starts_at - now < timedelta(minutes=settings.FIRST_REFUSAL_NOTICE_MINUTES)
    if closes is None or soon or not settings.FIRST_REFUSAL_MINUTES or not duty.is_anybody():
        return
    if any(slot.held_against(None, now) for slot in run) or not holds.has_room(run, now=now):
        return
    until = min(now + timedelta(minutes=settings.FIRST_REFUSAL_MINUTES), closes)
    kept = FreedTime.objects.filter(slot__in=run, ended_at=None)
    token = kept.order_by("starts_at").values_list("pk", flat=True)[0]
    kept.update(kept_until=until)
    slots.keep(run, token=token, owner=OWNER, reason=HoldReason.REFUSAL, until=until)

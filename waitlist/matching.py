"""A freed slot finds its patient (R23): `match_freed()` handles releases, `offer_slot()` decides.

The release is a hint, the slot is the truth, and nothing here ever books. Order of locks: slot → entry → task.
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.accounts.actors import system
from foundation.audit import trail
from foundation.database import writes
from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch
from patients import contact
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseOutcome, ReleaseReason
from scheduling.models import Slot, SlotRelease
from scheduling.queries.read_models import FreeSlot, ShownDoctor
from waitlist import calling_hours, search
from waitlist.choices import EntryState, OfferState
from waitlist.fit import Misfit, misfit, nearest_fits
from waitlist.models import SlotOffer, Sweep, WaitlistEntry
from waitlist.search import GivenService
from worklist.actions import claims, tasks
from worklist.choices import Priority, TaskKind

MATCHING = system("matching")
SWEEP = "waitlist.match_freed_slots"
RECONCILE = "waitlist.reconcile"
RECONCILED = 2000
"""Waiting patients one reconciliation looks at."""
BATCH = 2000
"""Releases one run handles at most; a whole published month is a few runs."""


def match_freed() -> int:
    """Handles what is unhandled, one short transaction each; several workers share the work. Returns how many."""
    handled = 0
    while handled < BATCH and _handle_one():
        handled += 1
    Sweep.objects.update_or_create(name=SWEEP, defaults={"finished_at": timezone.now()})
    return handled


@writes.atomic
def _handle_one() -> bool:
    around = _lock_freed_slot(_NEXT_RELEASE)
    if around is None:
        return False
    match = offer_slot(slot=around.freed.pk, around=around)
    writes.update([SlotRelease(pk=around.release)], handled_at=timezone.now(), **match._asdict())
    return True


class Match(NamedTuple):
    """What became of a freed slot, and who was passed over for it with the reason."""

    outcome: ReleaseOutcome
    passed_over: list[dict[str, str]] = []


class FreedSlot(NamedTuple):
    """A freed slot with those around it that a service may reach into, all locked, in order of time."""

    release: int
    """Zero when a slot is matched without one."""
    freed: Slot
    doctor: ShownDoctor
    near: list[Slot]
    offered: set[UUID]
    """Those that begin a time somebody has been offered and not yet answered about."""
    services: list[GivenService]
    """What the doctor gives, in the order of the price list."""


@writes.atomic
def offer_slot(*, slot: UUID, around: FreedSlot | None = None) -> Match:
    """Finds the first patient whom this free slot fits, keeps it for them and puts the call into the queue."""
    now = timezone.now()
    around = around or _lock_freed_slot(_THIS_SLOT, slot=slot)
    if around is None or not is_free(around.freed, now):
        return Match(ReleaseOutcome.NOT_FREE)
    freed, call_from = around.freed, calling_hours.next_moment(now)
    if freed.starts_at <= call_from:
        return Match(ReleaseOutcome.TOO_LATE)
    starts = runs_with(around, now=now)
    found = search.who_fits(starts, doctor=around.doctor, services=around.services, now=now)
    fit, number = _first_to_be_had(found.fits)
    if fit:
        _offer(fit, number=number, now=now, call_from=call_from)
    given = {service for runs in starts for service in runs}
    before = itertools.takewhile(lambda entry: fit is None or entry.pk != fit.entry.pk, found.head)
    why = partial(misfit, starts_at=freed.starts_at, doctor=around.doctor, services=list(given), now=now)
    passed_over = [{"entry": str(entry.pk), "reason": why(entry) or Misfit.OTHER} for entry in before]
    return Match(ReleaseOutcome.OFFERED if fit else ReleaseOutcome.NOBODY_FITS, passed_over)


_NEXT_RELEASE = """(
    SELECT id, slot_id FROM scheduling_slotrelease WHERE handled_at IS NULL
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)"""
_THIS_SLOT = "(SELECT 0::bigint AS id, %(slot)s::uuid AS slot_id)"
_AROUND = f"""
    SELECT release.id AS release, release.slot_id AS freed, service.given,
        EXISTS (SELECT FROM waitlist_slotoffer offer WHERE offer.slot_id = slot.id AND offer.state = 'open') AS offered,
        {nested_columns(slot=Slot, doctor=ShownDoctor)}
    FROM {{release}} release
    JOIN scheduling_slot freed ON freed.id = release.slot_id
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object(
                   'id', service.id, 'specialty_id', service.specialty_id, 'minutes', service.minutes
               ) ORDER BY specialty.order, specialty.name, service.order, service.name) AS given,
               make_interval(mins => COALESCE(max(service.minutes), 1)) AS reach
        FROM scheduling_doctor_services given
        JOIN scheduling_service service ON service.id = given.service_id AND service.active
        JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
        WHERE given.doctor_id = freed.doctor_id
    ) service
    JOIN scheduling_slot slot ON slot.shift_id = freed.shift_id
        AND slot.starts_at > freed.starts_at - service.reach AND slot.starts_at < freed.starts_at + service.reach
    JOIN scheduling_doctor doctor ON doctor.id = slot.doctor_id
    ORDER BY slot.id
    FOR UPDATE OF slot
"""


def _lock_freed_slot(release: str, **values: Any) -> FreedSlot | None:
    """One statement takes a release nobody else has in hand and locks its slot with the neighbours, by id."""
    rows = fetch(_Near, _AROUND.format(release=release), values)
    if not rows:
        return None
    slots, first = {row.slot.pk: row.slot for row in rows}, rows[0]
    return FreedSlot(
        release=first.release,
        freed=slots[first.freed],
        doctor=first.doctor,
        near=sorted(slots.values(), key=lambda slot: slot.starts_at),
        offered={row.slot.pk for row in rows if row.offered},
        services=[_given(**service) for service in first.given or []],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near(ReadModel):
    """A slot around the freed one."""

    release: int
    freed: UUID
    given: list[dict[str, Any]] | None
    offered: bool
    slot: Slot
    doctor: ShownDoctor


def _given(*, id: str, specialty_id: str, minutes: int) -> GivenService:
    """JSON knows no UUID."""
    return GivenService(id=UUID(id), specialty_id=UUID(specialty_id), minutes=minutes)


def runs_with(around: FreedSlot, *, now: datetime) -> list[search.Runs]:
    """For each start whose run of free slots contains the freed one: the services that fit, with the slots they take.

    A service longer than a slot may begin before the freed slot, when what precedes it is free as well.
    """
    freed, stretch = around.freed, _free_stretch(around.near, around.freed, now)
    found: list[search.Runs] = []
    for first, start in enumerate(stretch):
        if start.starts_at > freed.starts_at:
            break
        if start.pk in around.offered:
            continue
        fitting: search.Runs = {
            service: run for service in around.services if (run := _run(stretch[first:], service, freed))
        }
        if fitting:
            found.append(fitting)
    return found


def _free_stretch(near: list[Slot], freed: Slot, now: datetime) -> list[Slot]:
    """The unbroken free slots around the freed one."""
    stretch: list[Slot] = []
    for slot in near:
        joined = not stretch or stretch[-1].ends_at == slot.starts_at
        if slot.starts_at <= now or not is_free(slot, now) or not joined:
            if any(kept.pk == freed.pk for kept in stretch):
                break
            stretch = []
        if slot.starts_at > now and is_free(slot, now):
            stretch.append(slot)
    return stretch


def _run(stretch: list[Slot], service: GivenService, freed: Slot) -> list[Slot]:
    """What `service` takes from the first of these slots on; empty when it is too long or misses the freed one."""
    until = stretch[0].starts_at + timedelta(minutes=service.minutes)
    run = [slot for slot in stretch if slot.starts_at < until]
    return run if run[-1].ends_at >= until and any(slot.pk == freed.pk for slot in run) else []


def is_free(slot: Slot, now: datetime) -> bool:
    return slot.appointment_id is None and not slot.blocked and not slot.held_against(None, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Awaited(ReadModel):
    entry: UUID
    number: str
    """E.164, empty when there is none."""


def _first_to_be_had(fits: list[search.Fit]) -> tuple[search.Fit | None, str]:
    """Locks the first who still waits, and tells their number. Whoever has them in hand is waited for: passing them
    over would lose this time for them if that one fails.
    """
    if not fits:
        return None, ""
    by_entry = {fit.entry.pk: fit for fit in reversed(fits)}
    found = fetch(
        _Awaited,
        f"""
        SELECT entry.id AS entry, {contact.NUMBER} AS number
        FROM waitlist_waitlistentry entry
        JOIN patients_patient patient ON patient.id = entry.patient_id
        LEFT JOIN patients_representation representation ON representation.id = entry.representation_id
        WHERE entry.id = ANY(%(ids)s) AND entry.state = 'waiting' AND NOT EXISTS (
            SELECT FROM waitlist_slotoffer offer WHERE offer.entry_id = entry.id AND offer.state = 'open'
        )
        ORDER BY array_position(%(ids)s, entry.id) LIMIT 1 FOR UPDATE OF entry
        """,
        {"ids": list(dict.fromkeys(fit.entry.pk for fit in fits))},
    )
    for first in found:
        return by_entry[first.entry], first.number
    return None, ""


def _offer(fit: search.Fit, *, number: str, now: datetime, call_from: datetime) -> None:
    entry, run = fit.entry, fit.run
    expires_at = min(call_from + timedelta(minutes=settings.OFFER_MINUTES), run[0].starts_at)
    task = tasks.open(
        kind=TaskKind.FREED_TIME,
        subject=entry.pk,
        patient=entry.patient_id,
        phone=number,
        priority=Priority(entry.priority),
        waiting_since=entry.created_at,
        due_at=run[0].starts_at,
        not_before=entry.not_before,
        expires_at=expires_at,
    )
    offer = SlotOffer(
        entry_id=entry.id,
        patient_id=entry.patient_id,
        slot=run[0],
        doctor_id=run[0].doctor_id,
        service_id=fit.service.pk,
        starts_at=run[0].starts_at,
        expires_at=expires_at,
        task=task,
    )
    writes.insert(offer)
    slots.keep(run, token=offer.pk, owner=f"offer:{offer.pk}", reason=HoldReason.OFFER, until=expires_at)
    writes.update([WaitlistEntry(pk=entry.id)], state=EntryState.OFFERED)
    trail.record(by=MATCHING, action="waitlist.offered", patient=entry.patient_id, object_ref=str(offer.pk))


def return_lapsed(*, now: datetime | None = None) -> int:
    """Ends offers whose time ran out and gives back calls whose browser died (T09). Returns how many."""
    now = now or timezone.now()
    returned = claims.return_lapsed(now=now)
    lapsed = 0
    for offer in SlotOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=now).values_list("pk", flat=True):
        lapsed += _lapse(offer, now)
    return returned + lapsed


@transaction.atomic
def _lapse(offer: UUID, now: datetime) -> bool:
    row = (
        SlotOffer.objects.select_for_update(skip_locked=True)
        .filter(pk=offer, state=OfferState.OPEN, expires_at__lte=now)
        .first()
    )
    if row is None:
        return False
    end_offer(row, state=OfferState.LAPSED)
    tasks.close(task=row.task_id, by=MATCHING)
    WaitlistEntry.objects.filter(pk=row.entry_id, state=EntryState.OFFERED).update(state=EntryState.WAITING)
    return True


def end_offer(offer: SlotOffer, *, state: OfferState) -> None:
    """Closes a locked offer and frees what it kept; an accepted one has nothing left to free."""
    writes.update([offer], state=state, ended_at=timezone.now())
    slots.drop(tokens=[offer.pk], reason=ReleaseReason.OFFER_ENDED)


def reconcile() -> int:
    """Finds free slots that fit a waiting patient and were announced by nobody; announces them. Returns how many.

    Whatever was lost on the way to matching is caught here. Patients who were read the free times and wanted none of
    them are left to slots that become free later. A run looks at so many patients at most and the next one goes on
    behind them: the list of a clinic is one run, that of a country does not make the run longer.
    """
    sweep, _created = Sweep.objects.get_or_create(name=RECONCILE, defaults={"finished_at": timezone.now()})
    waiting = WaitlistEntry.objects.filter(state=EntryState.WAITING, refused_free_times=False).order_by("pk")
    if sweep.position:
        waiting = waiting.filter(pk__gt=sweep.position)
    batch = list(waiting.select_related("specialty", "service", "patient")[:RECONCILED])
    missed: dict[UUID, FreeSlot] = {}
    for entry in batch:
        fits = nearest_fits(entry, patient=entry.patient)
        missed.update((fit.slot.pk, fit.slot) for fit in fits if not _known(fit.slot, entry))
    with transaction.atomic():
        slots.announce(list(missed.values()), reason=ReleaseReason.RECONCILED)
        sweep.position = batch[-1].pk if len(batch) == RECONCILED else None
        sweep.finished_at = timezone.now()
        sweep.save(update_fields=["position", "finished_at"])
    return len(missed)


def _known(slot: FreeSlot, entry: WaitlistEntry) -> bool:
    """Announced and not yet handled, or offered to this patient before."""
    announced = SlotRelease.objects.filter(slot=slot.pk, handled_at=None)
    return announced.exists() or SlotOffer.objects.filter(slot=slot.pk, entry=entry).exists()

"""A freed slot finds its patient (R23): `match_freed()` handles releases, `offer_slot()` decides.

The release is a hint, the slot is the truth, and nothing here ever books. Order of locks: slot → entry.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.accounts.actors import system
from clinic.audit import trail
from scheduling.actions import slots
from scheduling.choices import ACTIVE, HoldReason, ReleaseOutcome, ReleaseReason
from scheduling.models import Appointment, Doctor, Service, Slot, SlotRelease
from waitlist import calling_hours
from waitlist.actions import entries
from waitlist.choices import OPEN_OFFER, EntryState, OfferState
from waitlist.fit import Misfit, misfit
from waitlist.models import SlotOffer, Sweep, WaitlistEntry

MATCHING = system("matching")
SWEEP = "waitlist.match_freed_slots"
LOOK_AT = 20
"""How many of the first in line are looked at, should others be taken by another worker at this moment."""
RECORDED = 50
"""How many of those passed over are written down with the reason."""
BATCH = 2000
"""Releases one run handles at most; a whole published month is a few runs."""


def match_freed() -> int:
    """Handles what is unhandled, one short transaction each; several workers share the work. Returns how many."""
    handled = 0
    while handled < BATCH and _handle_one():
        handled += 1
    Sweep.objects.update_or_create(name=SWEEP, defaults={"finished_at": timezone.now()})
    return handled


@transaction.atomic
def _handle_one() -> bool:
    release = (
        SlotRelease.objects.select_for_update(skip_locked=True)
        .filter(handled_at=None)
        .order_by("id")
        .values("id", "slot_id")
        .first()
    )
    if release is None:
        return False
    match = offer_slot(slot=release["slot_id"])
    SlotRelease.objects.filter(pk=release["id"]).update(handled_at=timezone.now(), **match._asdict())
    return True


class Match(NamedTuple):
    """What became of a freed slot, and who was passed over for it with the reason."""

    outcome: ReleaseOutcome
    passed_over: list[dict[str, str]] = []


@transaction.atomic
def offer_slot(*, slot: UUID) -> Match:
    """Finds the first patient whom this free slot fits, keeps it for him and puts the call into the queue."""
    now = timezone.now()
    freed = Slot.objects.select_related("doctor").filter(pk=slot).first()
    if freed is None or not is_free(freed, now):
        return Match(ReleaseOutcome.NOT_FREE)
    call_from = calling_hours.next_moment(now)
    if freed.starts_at <= call_from:
        return Match(ReleaseOutcome.TOO_LATE)
    fits = []
    runs = runs_with(freed, now=now)
    for services in runs:
        start = next(iter(services.values()))[0]
        for entry in candidates(start, doctor=freed.doctor, now=now, services=list(services))[:LOOK_AT]:
            service = _service_for(entry, services)
            fits.append((entry, services[service], service))
    fits.sort(key=lambda fit: (fit[0].priority, fit[0].created_at, fit[1][0].starts_at))
    slots.lock({slot.pk for _entry, run, _service in fits for slot in run})  # all at once, in order of id
    given = {service for each in runs for service in each}
    for entry, run, service in fits:
        if _offer(entry, run=run, service=service, now=now, call_from=call_from):
            return Match(ReleaseOutcome.OFFERED, passed_over(freed, given, before=entry, now=now))
    return Match(ReleaseOutcome.NOBODY_FITS, passed_over(freed, given, before=None, now=now))


Services = dict[Service, list[Slot]]


def passed_over(
    freed: Slot, services: Iterable[Service], *, before: WaitlistEntry | None, now: datetime
) -> list[dict[str, str]]:
    """Those who wait for the doctor's specialties and stand before the chosen one, each with the reason."""
    waiting = WaitlistEntry.objects.filter(
        state=EntryState.WAITING, specialty__in=freed.doctor.services.values("specialty")
    )
    if before:
        same = Q(priority=before.priority, created_at__lt=before.created_at)
        waiting = waiting.filter(Q(priority__lt=before.priority) | same)
    first = waiting.select_related("patient").order_by("priority", "created_at")[:RECORDED]
    why = partial(misfit, starts_at=freed.starts_at, doctor=freed.doctor, services=list(services), now=now)
    return [{"entry": str(entry.pk), "reason": why(entry) or Misfit.OTHER} for entry in first]


def runs_with(freed: Slot, *, now: datetime) -> list[Services]:
    """For each start whose run of free slots contains the freed one: the services that fit, with the slots they take.

    A service longer than a slot may begin before the freed slot, when what precedes it is free as well.
    """
    services = list(freed.doctor.services.filter(active=True).order_by("order", "name"))
    around = timedelta(minutes=max((service.minutes for service in services), default=0))
    near = Slot.objects.filter(
        shift=freed.shift_id, starts_at__gt=freed.starts_at - around, starts_at__lt=freed.starts_at + around
    ).order_by("starts_at")
    stretch = _free_stretch(list(near), freed, now)
    found = []
    for first, start in enumerate(stretch):
        if start.starts_at > freed.starts_at:
            break
        fitting = {service: run for service in services if (run := _run(stretch[first:], service, freed))}
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


def _run(stretch: list[Slot], service: Service, freed: Slot) -> list[Slot]:
    """What `service` takes from the first of these slots on; empty when it is too long or misses the freed one."""
    until = stretch[0].starts_at + timedelta(minutes=service.minutes)
    run = [slot for slot in stretch if slot.starts_at < until]
    return run if run[-1].ends_at >= until and any(slot.pk == freed.pk for slot in run) else []


def is_free(slot: Slot, now: datetime) -> bool:
    return slot.appointment_id is None and not slot.blocked and not slot.held_against(None, now)


def candidates(slot: Slot, *, doctor: Doctor, now: datetime, services: list[Service]) -> QuerySet[WaitlistEntry]:
    """Entries this start fits, in the order of R23: priority, then arrival."""
    local = timezone.localtime(slot.starts_at)
    day, at = local.date(), local.time()
    notice = int((slot.starts_at - now) / timedelta(minutes=1))
    specialties = {service.specialty_id for service in services}
    return (
        WaitlistEntry.objects.filter(
            Q(date_until=None) | Q(date_until__gte=day),
            Q(doctor_ids=[]) | Q(doctor_ids__contains=[slot.doctor_id]),
            Q(weekdays=[]) | Q(weekdays__contains=[local.isoweekday()]),
            Q(service=None) | Q(service__in=services),
            Q(not_before=None) | Q(not_before__lt=slot.starts_at),
            state=EntryState.WAITING,
            specialty__in=specialties,
            date_from__lte=day,
            time_from__lte=at,
            time_until__gt=at,
            notice_minutes__lte=notice,
            patient__birth_date__lte=_years_before(day, doctor.min_age),
            patient__birth_date__gt=_years_before(day, doctor.max_age + 1),
        )
        .exclude(Exists(SlotOffer.objects.filter(entry=OuterRef("pk"), slot=slot)))
        .exclude(
            Exists(
                Appointment.objects.filter(
                    patient=OuterRef("patient"),
                    status__in=ACTIVE,
                    starts_at__lt=slot.ends_at,
                    ends_at__gt=slot.starts_at,
                )
            )
        )
        .order_by("priority", "created_at")
    )


def _service_for(entry: WaitlistEntry, services: Iterable[Service]) -> Service:
    """The service asked for, else the first of the doctor's in the specialty."""
    if entry.service_id:
        return next(service for service in services if service.pk == entry.service_id)
    return next(service for service in services if service.specialty_id == entry.specialty_id)


def _offer(entry: WaitlistEntry, *, run: list[Slot], service: Service, now: datetime, call_from: datetime) -> bool:
    """Keeps the run for this entry. False when the run or the entry is not to be had after all."""
    locked = slots.lock(slot.pk for slot in run)
    if len(locked) != len(run) or not all(is_free(slot, now) for slot in locked):
        return False
    # Waits for whoever has the entry in hand: passing it over would lose this time for it if that one fails.
    row = WaitlistEntry.objects.select_for_update().filter(pk=entry.pk, state=EntryState.WAITING).first()
    if row is None or SlotOffer.objects.filter(Q(entry=row) | Q(slot=run[0]), state__in=OPEN_OFFER).exists():
        return False
    expires_at = min(call_from + timedelta(minutes=settings.OFFER_MINUTES), run[0].starts_at)
    offer = SlotOffer.objects.create(
        entry=row,
        patient_id=row.patient_id,
        slot=run[0],
        doctor_id=run[0].doctor_id,
        service=service,
        starts_at=run[0].starts_at,
        expires_at=expires_at,
        not_before=row.not_before,
    )
    slots.keep(run, token=offer.pk, owner=f"offer:{offer.pk}", reason=HoldReason.OFFER, until=expires_at)
    row.state = EntryState.OFFERED
    row.save(update_fields=["state"])
    trail.record(by=MATCHING, action="waitlist.offered", patient=row.patient_id, object_ref=str(offer.pk))
    return True


def _years_before(day: date, years: int) -> date:
    """The latest birth date of somebody who is `years` old on `day`."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def return_lapsed(*, now: datetime | None = None) -> int:
    """Ends offers whose time ran out and gives back calls whose browser died (T09). Returns how many."""
    now = now or timezone.now()
    returned = SlotOffer.objects.filter(state=OfferState.CALLING, claim_until__lte=now, expires_at__gt=now).update(
        state=OfferState.PROPOSED, claimed_by="", claimed_by_name="", claim_until=None
    )
    lapsed = 0
    for offer in SlotOffer.objects.filter(state__in=OPEN_OFFER, expires_at__lte=now).values_list("pk", flat=True):
        lapsed += _lapse(offer, now)
    return returned + lapsed


@transaction.atomic
def _lapse(offer: UUID, now: datetime) -> bool:
    row = (
        SlotOffer.objects.select_for_update(skip_locked=True)
        .filter(pk=offer, state__in=OPEN_OFFER, expires_at__lte=now)
        .first()
    )
    if row is None:
        return False
    end_offer(row, state=OfferState.LAPSED)
    WaitlistEntry.objects.filter(pk=row.entry_id, state=EntryState.OFFERED).update(state=EntryState.WAITING)
    return True


def end_offer(offer: SlotOffer, *, state: OfferState) -> None:
    """Closes a locked offer and frees what it kept; an accepted one has nothing left to free."""
    offer.state, offer.ended_at, offer.claim_until = state, timezone.now(), None
    offer.save(update_fields=["state", "ended_at", "claim_until"])
    slots.drop(tokens=[offer.pk], reason=ReleaseReason.OFFER_ENDED)


def reconcile() -> int:
    """Finds free slots that fit a waiting patient and were announced by nobody; announces them. Returns how many.

    Whatever was lost on the way to matching is caught here, once in ten minutes. Patients who were read the free
    times and wanted none of them are left to slots that become free later.
    """
    missed: dict[UUID, Slot] = {}
    waiting = WaitlistEntry.objects.filter(state=EntryState.WAITING, refused_free_times=False)
    for entry in waiting.select_related("specialty", "service", "patient").iterator(chunk_size=500):
        fits = entries.fitting(entry, patient=entry.patient)
        missed.update((fit.slot.pk, fit.slot) for fit in fits if not _known(fit.slot, entry))
    with transaction.atomic():
        slots.announce(list(missed.values()), reason=ReleaseReason.RECONCILED)
    return len(missed)


def _known(slot: Slot, entry: WaitlistEntry) -> bool:
    """Announced and not yet handled, or offered to this patient before."""
    announced = SlotRelease.objects.filter(slot=slot, handled_at=None)
    return announced.exists() or SlotOffer.objects.filter(slot=slot, entry=entry).exists()

"""Matches freed slots with waiting patients (R23): `match_freed()` handles releases, `offer_slot()` decides.

The release is a hint, the slot is the truth, and nothing here ever books. Order of locks: slot → entry → task.
"""

import itertools
import logging
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from foundation.database import clock, writes
from foundation.database.outage import outage_of
from scheduling.actions import slots
from scheduling.choices import ReleaseOutcome, ReleaseReason
from scheduling.models import SlotRelease
from scheduling.queries.fit import Start
from scheduling.queries.read_models import FreeSlot
from waitlist import calling_hours
from waitlist.actions import offers
from waitlist.choices import EntryState
from waitlist.fit import nearest_fits_after_call, passed_over
from waitlist.models import SlotOffer, Sweep, WaitlistEntry
from waitlist.ranking import freed, search
from waitlist.ranking.first import lock_first
from waitlist.ranking.freed import FreedSlot
from waitlist.ranking.runs import is_free, runs_with

log = logging.getLogger(__name__)

SWEEP = "waitlist.match_freed_slots"
RECONCILE = "waitlist.reconcile"
RECONCILED = 2000
"""How many waiting patients one reconciliation looks at."""
TRIES = 5
"""A release that has failed so often is parked; the reconciliation announces its time anew while it is of use."""
BATCH = 2000
"""How many releases one run handles at most; a whole published month is a few runs."""


def match_freed() -> int:
    """Handles unhandled releases and returns how many; each has a short transaction, several workers share them.

    One that fails waits for the next run, and is parked when it has failed `TRIES` times: it stands in nobody's way.
    """
    handled = after = 0
    while handled < BATCH:
        try:
            if not _handle_one(after):
                break
            handled += 1
        except HandlingFailed as failed:
            after = failed.release
            _count_failure(failed)
    Sweep.objects.update_or_create(name=SWEEP, defaults={"finished_at": clock.now()})
    return handled


class HandlingFailed(Exception):
    """A fault of ours keeps this release from being handled."""

    def __init__(self, release: int) -> None:
        super().__init__(release)
        self.release = release


@writes.atomic
def _handle_one(after: int = 0) -> bool:
    around = freed.lock_next(after=after)
    if around is None:
        return False
    try:
        match = offer_slot(slot=around.freed.pk, around=around)
    except Exception as error:
        if outage_of(error):
            raise
        raise HandlingFailed(around.release) from error
    writes.update([SlotRelease(pk=around.release)], handled_at=clock.now(), **match._asdict())
    return True


@transaction.atomic
def _count_failure(failed: HandlingFailed) -> None:
    release = SlotRelease.objects.select_for_update().get(pk=failed.release)
    if release.handled_at is not None:
        return
    columns: dict[str, object] = {"tries": release.tries + 1}
    if release.tries + 1 >= TRIES:
        columns |= {"handled_at": clock.now(), "outcome": ReleaseOutcome.PARKED}
    SlotRelease.objects.filter(pk=release.pk).update(**columns)
    log.error("release %s failed %s times", release.pk, columns["tries"], exc_info=failed.__cause__)


class Match(NamedTuple):
    """The result of matching a freed slot, with the people passed over and the reasons."""

    outcome: ReleaseOutcome
    passed_over: list[dict[str, str]] = []


@writes.atomic
def offer_slot(*, slot: UUID, around: FreedSlot | None = None) -> Match:
    """Finds the first patient whom this free slot fits, keeps it for them and puts the call into the queue."""
    now = clock.now()
    around = around or freed.lock(slot)
    if around is None or not is_free(around.freed, now):
        return Match(ReleaseOutcome.NOT_FREE)
    starts_at, call_from = around.freed.starts_at, calling_hours.next_moment(now)
    if starts_at <= call_from:
        return Match(ReleaseOutcome.TOO_LATE)
    starts = runs_with(around, now=now)
    found = search.who_fits(starts, doctor=around.doctor, given=around.services, zone=around.zone, now=now)
    first = lock_first(found.fits)
    if first:
        fit = first.fit
        until = min(call_from + timedelta(minutes=settings.OFFER_MINUTES), fit.run[0].starts_at)
        offers.make(fit.entry, fit.run, service=fit.service.pk, number=first.number, until=until)
    given = {service for runs in starts for service in runs}
    before = itertools.takewhile(lambda entry: first is None or entry.pk != first.fit.entry.pk, found.head)
    start = Start.of(starts_at, doctor=around.doctor, now=now, zone=around.zone)
    why = partial(passed_over, start=start, services=list(given))
    skips = [{"entry": str(entry.pk), "reason": why(entry)} for entry in before]
    return Match(ReleaseOutcome.OFFERED if first else ReleaseOutcome.NOBODY_FITS, skips)


def reconcile() -> int:
    """Announces free slots that fit a waiting patient and that nothing has announced; returns how many.

    Whatever was lost on the way to matching is caught here. Patients who were read the free times and wanted none of
    them are left to slots that become free later. A run looks at a bounded number of patients and the next one
    continues after them, so that a run does not grow with the list.
    """
    sweep, _created = Sweep.objects.get_or_create(name=RECONCILE, defaults={"finished_at": clock.now()})
    waiting = WaitlistEntry.objects.filter(state=EntryState.WAITING, refused_free_times=False).order_by("pk")
    if sweep.position:
        waiting = waiting.filter(pk__gt=sweep.position)
    batch = list(waiting.select_related("specialty", "service")[:RECONCILED])
    missed: dict[UUID, FreeSlot] = {}
    for entry in batch:
        fits = nearest_fits_after_call(entry)
        missed.update((fit.slot.pk, fit.slot) for fit in fits if not _known(fit.slot, entry))
    with transaction.atomic():
        slots.announce(list(missed.values()), reason=ReleaseReason.RECONCILED)
        sweep.position = batch[-1].pk if len(batch) == RECONCILED else None
        sweep.finished_at = clock.now()
        sweep.save(update_fields=["position", "finished_at"])
    return len(missed)


def _known(slot: FreeSlot, entry: WaitlistEntry) -> bool:
    """Tells whether the slot is announced and not yet handled, or was offered to this patient before."""
    announced = SlotRelease.objects.filter(slot=slot.pk, handled_at=None)
    return announced.exists() or SlotOffer.objects.filter(slot=slot.pk, entry=entry).exists()

"""A published month frees thousands of times at once: of these people are told, not times (T104).

Everybody whom something fits now is marked once; the operators phone them when no single freed time waits, and nothing
is held until then.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField, Max, QuerySet
from django.db.models.functions import Greatest

from foundation.database import clock, writes
from patients.choices import ContactWay
from scheduling.models import Slot
from waitlist import fit
from waitlist.actions import offers
from waitlist.actions.offers import Choice
from waitlist.choices import EntryState
from waitlist.fit import that_differ
from waitlist.models import FreedTime, Sweep, WaitlistEntry
from waitlist.ranking.first import lock_first
from worklist.choices import Turn

RECONCILE = "waitlist.reconcile"
RECONCILED = 2000
"""How many waiting patients one reconciliation looks at."""
IN_LINE = 500
"""How many of the first in line are asked for, in case the others may not be phoned now."""
LOOKED_AT = 6
"""How many fitting times are tried, in case somebody takes some of them at this moment."""


def note_appeared(published: Mapping[UUID, datetime]) -> int:
    """Marks everybody whom a time fits that was published just now; returns how many.

    `published` has the specialties with the first of their new times.
    """
    waiting = list(_unmarked().filter(specialty__in=published)) if published else []
    after = {specialty: first - datetime.resolution for specialty, first in published.items()}
    return _mark(entry.pk for entry, fits in fit.nearest_fits_of_each(waiting, limit=1, after=after) if fits)


def reconcile() -> int:
    """Marks those who wait although something fits them that they were not asked about; returns how many.

    Whatever was lost on the way to matching is caught here. A run looks at a bounded number of people and the next one
    continues after them, so that a run does not grow with the list.
    """
    sweep, _created = Sweep.objects.get_or_create(name=RECONCILE, defaults={"finished_at": clock.now()})
    waiting = _unmarked().order_by("pk")
    if sweep.position:
        waiting = waiting.filter(pk__gt=sweep.position)
    batch = list(waiting[:RECONCILED])
    marked = _mark(_missed(batch))
    sweep.position = batch[-1].pk if len(batch) == RECONCILED else None
    sweep.finished_at = clock.now()
    sweep.save(update_fields=["position", "finished_at"])
    return marked


def propose_next(now: datetime) -> bool | None:
    """Looks for a time for the first in line of those who are marked, and tells whether a call is proposed.

    None when nobody marked may be phoned now. Whom nothing fits any more is marked no longer.
    """
    marked = WaitlistEntry.objects.filter(state=EntryState.WAITING, appeared_at__isnull=False)
    marked = marked.exclude(patient__contact_way=ContactWay.WRITING)
    in_line = marked.order_by("priority", "arrived_at").values_list("pk", flat=True)[:IN_LINE]
    first = lock_first(list(in_line), now=now)
    if first is None:
        return None
    entry = WaitlistEntry.objects.select_related("specialty", "service").get(pk=first.entry)
    for found in that_differ(entry, limit=LOOKED_AT):
        if run := offers.free_run(Choice(found.slot.doctor_id, found.slot.starts_at, found.service)):
            offers.propose(entry, run, service=found.service.pk, number=first.number, turn=Turn.AT_ONCE)
            return True
    told(entry)
    return False


def told(entry: WaitlistEntry) -> None:
    """Marks a person no longer: they have answered, or nothing fits them any more."""
    writes.update([entry], appeared_at=None, sought_until=clock.now())


def _unmarked() -> QuerySet[WaitlistEntry]:
    waiting = WaitlistEntry.objects.filter(state=EntryState.WAITING, appeared_at=None)
    return waiting.select_related("specialty", "service")


def _mark(entries: Iterable[UUID]) -> int:
    return _unmarked().filter(pk__in=list(entries)).update(appeared_at=clock.now())


def _missed(entries: Collection[WaitlistEntry]) -> Iterator[UUID]:
    """Yields whom something fits that is looked after nowhere and has become free since the person was asked."""
    found = list(fit.nearest_fits_of_each(entries, limit=fit.SEARCHED))
    there = {each.slot.pk for _entry, fits in found for each in fits}
    looked_after = set(FreedTime.objects.filter(slot__in=there, ended_at=None).values_list("slot", flat=True))
    missed = _free_since(there - looked_after)
    for entry, fits in found:
        since = [missed[each.slot.pk] for each in fits if each.slot.pk in missed]
        if since and (entry.sought_until is None or max(since) > entry.sought_until):
            yield entry.pk


def _free_since(slots: Collection[UUID]) -> dict[UUID, datetime]:
    """Returns for each slot when it was published, or given back last."""
    freed = Slot.objects.filter(pk__in=slots).annotate(given_back=Max("releases__at"))
    since = Greatest("shift__published_at", "given_back", output_field=DateTimeField())
    return dict(freed.values_list("pk", since))

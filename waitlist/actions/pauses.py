"""A person asks not to be phoned for some days; the place in line is kept, and the operator says when it goes on."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.clock import day_start
from foundation.database import clock
from waitlist.actions import entries, freed_times, offers
from waitlist.models import WaitlistEntry


def pause(*, entry: UUID, until: date, reason: str, by: Actor) -> WaitlistEntry:
    """Has nobody phone about free times before that day; proposals that nobody has taken yet end.

    A call that is being made and one that was promised go on. Raises EntryClosed.
    """
    proposed = offers.lock_unclaimed(Q(entry=entry))  # before the entry, in the order of locks
    row = entries.locked(entry)
    row.rests_until, row.rest_reason = day_start(until), reason
    row.save(update_fields=["rests_until", "rest_reason"])
    for offer in proposed:
        offers.withdraw(offer)
    trail.record(
        by=by, action="waitlist.paused", patient=row.patient_id, object_ref=str(entry), until=until, reason=reason
    )
    return row


def end(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Lets the person be phoned from now on. The same step again changes nothing. Raises EntryClosed."""
    row, now = entries.locked(entry), clock.now()
    if row.rests_until and row.rests_until > now:
        row.rests_until, row.rest_reason = now, ""
        row.save(update_fields=["rests_until", "rest_reason"])
        freed_times.look_for(row)
        trail.record(by=by, action="waitlist.pause_ended", patient=row.patient_id, object_ref=str(entry))
    return row

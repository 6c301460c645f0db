"""Tells on demand why those before a person in line are not phoned about a time (R23, T84): no row is kept of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q

from foundation.changes import as_text
from foundation.database import clock
from patients.contact import number_of
from scheduling.choices import ACTIVE, Misfit
from scheduling.models import Appointment, Slot
from scheduling.queries.fit import Start
from waitlist.choices import OPEN, EntryState, OfferState
from waitlist.fit import passed_over
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.ranking.search import TRIES
from waitlist.ranking.services import GivenService, given_by, gives
from worklist import queries as worklist

LISTED = 10
"""How many of those before a person are told of."""


class Skip(NamedTuple):
    """A person before another one in line, and why they are not phoned about this time."""

    entry: WaitlistEntry
    reason: Misfit


def before(entry: WaitlistEntry, *, slot: Slot) -> list[Skip]:
    """Returns the first of those who stand before this person and wait for what the doctor of the slot gives.

    Whoever could be phoned about it all the same is left out: they have come to the front since.
    """
    services = _services(slot)
    earlier = Q(priority__lt=entry.priority) | Q(priority=entry.priority, arrived_at__lt=entry.arrived_at)
    waiting = WaitlistEntry.objects.filter(earlier, specialty__in={each.specialty_id for each in services})
    ahead = waiting.filter(state__in=OPEN).select_related("patient", "representation", "specialty")
    told = [(each, reason(each, slot=slot, services=services)) for each in ahead.order_by("priority", "arrived_at")]
    return [Skip(each, why) for each, why in told[:LISTED] if why]


def reason(entry: WaitlistEntry, *, slot: Slot, services: Sequence[GivenService] | None = None) -> Misfit | None:
    """Returns why a person is not phoned about the time that begins with this slot; None when they may be.

    The slot is read with its doctor and its place.
    """
    services = _services(slot) if services is None else services
    now, zone = clock.now(), slot.shift.room.location.timezone
    start = Start.of(slot.starts_at, doctor=slot.doctor, now=now, zone=zone)
    if useless := passed_over(entry, start=start, services=services):
        return useless
    shortest = min(service.minutes for service in services if gives(service, entry))
    if _is_busy(entry, slot, shortest):
        return Misfit.BUSY
    if _was_asked(entry, slot):
        return Misfit.ASKED
    if entry.state != EntryState.WAITING:
        return Misfit.OFFERED
    if entry.not_before and entry.not_before > now:
        return Misfit.PUT_OFF
    key = number_of(entry.patient, entry.representation) or as_text(entry.patient_id)
    return Misfit.RESTING if worklist.is_resting(key, now=now) else None


def _services(slot: Slot) -> list[GivenService]:
    return given_by(
        slot.doctor.services.filter(active=True).order_by("specialty__order", "specialty__name", "order", "name")
    )


def _is_busy(entry: WaitlistEntry, slot: Slot, minutes: int) -> bool:
    own = Appointment.objects.filter(patient=entry.patient_id, status__in=ACTIVE)
    return own.filter(starts_at__lt=slot.starts_at + timedelta(minutes=minutes), ends_at__gt=slot.starts_at).exists()


def _was_asked(entry: WaitlistEntry, slot: Slot) -> bool:
    offers = SlotOffer.objects.filter(entry=entry)
    declined = offers.filter(Q(slot=slot) | Q(also__contains=[slot.pk]), state=OfferState.DECLINED)
    return declined.exists() or offers.filter(slot=slot, state=OfferState.LAPSED).count() >= TRIES

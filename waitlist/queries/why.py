"""Tells on demand why those before a person in line are not phoned about a time (R23, T84): no row is kept of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Min, Q

from foundation.changes import as_text
from foundation.database import clock
from patients.choices import ContactWay
from scheduling.choices import Misfit
from scheduling.models import Slot
from scheduling.queries.fit import Start
from waitlist import contacts
from waitlist.choices import IN_THE_AIR, OPEN, EntryState, OfferState
from waitlist.fit import is_busy, passed_over
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.numbers import number_of
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
    services = services_at(slot)
    earlier = Q(priority__lt=entry.priority) | Q(priority=entry.priority, arrived_at__lt=entry.arrived_at)
    given = slot.doctor.services.filter(active=True).values("specialty")
    waiting = WaitlistEntry.objects.filter(earlier, specialty__in=given, state__in=OPEN)
    ahead = waiting.select_related("patient", "representation", "specialty").order_by("priority", "arrived_at")
    told = [(each, reason(each, slot=slot, services=services)) for each in ahead[:LISTED]]
    return [Skip(each, why) for each, why in told if why]


def reason(entry: WaitlistEntry, *, slot: Slot, services: Sequence[GivenService] | None = None) -> Misfit | None:
    """Returns why a person is not phoned about the time that begins with this slot; None when they may be.

    The slot is read with its doctor and its place; `services` are those of the doctor for which there is room here.
    """
    services = services_at(slot) if services is None else services
    now, zone = clock.now(), slot.shift.room.location.timezone
    start = Start.of(slot.starts_at, doctor=slot.doctor, now=now, zone=zone)
    if useless := passed_over(entry, start=start, services=services):
        return useless
    shortest = min(service.minutes for service in services if gives(service, entry))
    if is_busy(entry.patient_id, starts_at=slot.starts_at, minutes=shortest):
        return Misfit.BUSY
    if _was_asked(entry, slot):
        return Misfit.ASKED
    if entry.state == EntryState.UNREACHABLE:
        return Misfit.NO_NUMBER
    if entry.state != EntryState.WAITING:
        return Misfit.OFFERED
    if entry.not_before and entry.not_before > now:
        return Misfit.PUT_OFF
    if entry.rests_until and entry.rests_until > now:
        return Misfit.DECLINES
    if entry.patient.contact_way == ContactWay.WRITING:
        return Misfit.WRITES
    if contacts.is_often_enough(entry, now=now):
        return Misfit.CONTACTED
    key = number_of(entry) or as_text(entry.patient_id)
    return Misfit.RESTING if worklist.is_resting(key, now=now) else None


def services_at(slot: Slot) -> list[GivenService]:
    """Returns the services of the doctor for which there is room from this slot on."""
    in_order = ("specialty__order", "specialty__name", "order", "name")
    room = _free_until(slot) - slot.starts_at
    given = given_by(slot.doctor.services.filter(active=True).order_by(*in_order))
    return [service for service in given if timedelta(minutes=service.minutes) <= room]


def _free_until(slot: Slot) -> datetime:
    """Returns the end of the unbroken free time that begins with this slot, whoever has the slot itself."""
    now, until = clock.now(), slot.ends_at
    for later in Slot.objects.filter(shift=slot.shift_id, starts_at__gt=slot.starts_at).order_by("starts_at"):
        if later.starts_at != until or later.appointment_id or later.absence_id:
            break
        if later.held_against(slot.hold_token, now):
            break
        until = later.ends_at
    others = SlotOffer.objects.filter(doctor=slot.doctor_id, state__in=IN_THE_AIR, starts_at__gt=slot.starts_at)
    spoken_for: datetime | None = others.aggregate(first=Min("starts_at"))["first"]
    return min(until, spoken_for) if spoken_for else until


def _was_asked(entry: WaitlistEntry, slot: Slot) -> bool:
    offers = SlotOffer.objects.filter(entry=entry)
    declined = offers.filter(Q(slot=slot) | Q(also__contains=[slot.pk]), state=OfferState.DECLINED)
    if slot.pk in entry.declined or declined.exists():
        return True
    return offers.filter(slot=slot, state=OfferState.LAPSED).count() >= TRIES

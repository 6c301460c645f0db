"""Tells on demand why a person in line is not phoned about a time (R23, T84): no row is kept of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min, Prefetch, Q

from foundation.changes import as_text
from foundation.clock import day_bounds
from foundation.database import clock
from patients.choices import ContactWay
from scheduling.choices import ACTIVE, Misfit
from scheduling.models import Appointment, Doctor, Service, Slot
from scheduling.models.slot import SlotQuerySet
from scheduling.queries.fit import Start
from waitlist import contacts
from waitlist.choices import IN_THE_AIR, OPEN, EntryState, OfferState
from waitlist.fit import misfit
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.numbers import number_of
from waitlist.ranking.asked import said_yes
from waitlist.ranking.earlier import useful_before
from waitlist.ranking.search import TRIES
from waitlist.ranking.services import GivenService, given_by, gives
from worklist import queries as worklist

LISTED = 10
"""How many of those before a person are told of."""
IN_ORDER = ("specialty__order", "specialty__name", "order", "name")


class Skip(NamedTuple):
    """A person before another one in line, and why they are not phoned about this time."""

    entry: WaitlistEntry
    reason: Misfit


class Answer(NamedTuple):
    """A time that nobody has booked, and why a person is not phoned about it; without a reason they may be."""

    slot: Slot
    reason: Misfit | None
    is_free: bool
    """Whether anybody may book it now; otherwise it is kept for somebody."""


def before(entry: WaitlistEntry, *, slot: Slot) -> list[Skip]:
    """Returns the first of those who stand before this person and wait for what the doctor of the slot gives.

    Whoever has not answered the message about the time stands after those who have said yes to it. Whoever could be
    phoned about it all the same is left out: they have come to the front since.
    """
    services, ready = services_at(slot), said_yes([slot.pk])
    earlier = Q(priority__lt=entry.priority) | Q(priority=entry.priority, arrived_at__lt=entry.arrived_at)
    given = slot.doctor.services.filter(active=True).values("specialty")
    waiting = WaitlistEntry.objects.filter(earlier, specialty__in=given, state__in=OPEN)
    ahead = waiting.select_related("patient", "representation", "specialty").order_by("priority", "arrived_at")
    told = [(each, reason(each, slot=slot, services=services)) for each in ahead[:LISTED]]
    silent = Misfit.SILENT if entry.pk in ready else None
    reasons = [(each, why or (None if each.pk in ready else silent)) for each, why in told]
    return [Skip(each, why) for each, why in reasons if why]


def reason(entry: WaitlistEntry, *, slot: Slot, services: Sequence[GivenService] | None = None) -> Misfit | None:
    """Returns why a person is not phoned about the time that begins with this slot; None when they may be.

    The slot is read with its doctor and its place; `services` are those of the doctor for which there is room here.
    """
    return _Person(entry).reason(slot, services_at(slot) if services is None else services)


def of_day(entry: WaitlistEntry, *, day: date) -> list[Answer]:
    """Returns each time of a day that nobody has booked of what the person waits for, with the reason; 10 statements.

    Only times for which there is room for some service of the doctor are times.
    """
    person, now = _Person(entry), clock.now()
    given = Service.objects.filter(active=True).order_by(*IN_ORDER)
    starts, ends = day_bounds(day)
    there = _waited_for(entry).filter(starts_at__gte=max(starts, now), starts_at__lt=ends)
    rows = there.select_related("doctor", "shift__room__location").order_by("shift", "starts_at")
    slots = list(rows.prefetch_related(Prefetch("doctor__services", given)))
    spoken_for = SlotOffer.objects.filter(state__in=IN_THE_AIR, doctor__in={slot.doctor_id for slot in slots})
    offered = sorted(spoken_for.values_list("starts_at", "doctor"))
    answers = [
        Answer(slot, person.reason(slot, services), not slot.held_against(None, now))
        for _shift, of_shift in groupby(slots, key=lambda slot: slot.shift_id)
        for slot, services in _open_times(list(of_shift), offered, now)
    ]
    return sorted(answers, key=lambda each: (each.slot.starts_at, each.slot.doctor.full_name))


def first_day(entry: WaitlistEntry) -> date | None:
    """Returns the first day on which there is a free time of what the person waits for; None without one."""
    now = clock.now()
    slot = _waited_for(entry).filter(starts_at__gt=now).free(now).select_related("shift").order_by("starts_at").first()
    return slot.shift.date if slot else None


def _waited_for(entry: WaitlistEntry) -> SlotQuerySet:
    """Returns the slots of all doctors who give something of the specialty."""
    given = Service.objects.filter(active=True, specialty=entry.specialty_id)
    return Slot.objects.filter(doctor__in=Doctor.objects.filter(services__in=given))


class _Person:
    """What is asked of a person for one time after another: each thing is read once, and when it is needed."""

    def __init__(self, entry: WaitlistEntry) -> None:
        self._entry, self._now = entry, clock.now()

    def reason(self, slot: Slot, services: Sequence[GivenService]) -> Misfit | None:
        start = Start.of(slot.starts_at, doctor=slot.doctor, now=self._now, zone=slot.shift.room.location.timezone)
        if unmet := misfit(self._entry, start=start, services=services):
            return unmet
        if self._useful_before and slot.starts_at >= self._useful_before:
            return Misfit.NO_EARLIER
        shortest = min(service.minutes for service in services if gives(service, self._entry))
        ends_at = slot.starts_at + timedelta(minutes=shortest)
        if any(begins < ends_at and ends > slot.starts_at for begins, ends in self._visits):
            return Misfit.BUSY
        return Misfit.ASKED if self._was_asked(slot.pk) else self._cannot_be_phoned

    @cached_property
    def _useful_before(self) -> datetime | None:
        return useful_before(self._entry, patient=self._entry.patient_id, now=self._now)

    @cached_property
    def _visits(self) -> list[tuple[datetime, datetime]]:
        own = Appointment.objects.filter(patient=self._entry.patient_id, status__in=ACTIVE, ends_at__gt=self._now)
        return list(own.values_list("starts_at", "ends_at"))

    def _was_asked(self, slot: UUID) -> bool:
        declined, tries = self._asked
        return slot in declined or tries[slot] >= TRIES

    @cached_property
    def _asked(self) -> tuple[set[UUID], Counter[UUID]]:
        """The times that the person has declined, and how often they were not reached about others."""
        ended = SlotOffer.objects.filter(entry=self._entry, state__in=[OfferState.DECLINED, OfferState.LAPSED])
        declined, tries = set(self._entry.declined), Counter[UUID]()
        for slot, also, state in ended.values_list("slot", "also", "state"):
            if state == OfferState.DECLINED:
                declined |= {slot, *also}
            else:
                tries[slot] += 1
        return declined, tries

    @cached_property
    def _cannot_be_phoned(self) -> Misfit | None:
        entry = self._entry
        if entry.state == EntryState.UNREACHABLE:
            return Misfit.NO_NUMBER
        if entry.state != EntryState.WAITING:
            return Misfit.OFFERED
        if entry.not_before and entry.not_before > self._now:
            return Misfit.PUT_OFF
        if entry.rests_until and entry.rests_until > self._now:
            return Misfit.DECLINES
        if entry.patient.contact_way == ContactWay.WRITING:
            return Misfit.WRITES
        if contacts.is_often_enough(entry, now=self._now):
            return Misfit.CONTACTED
        key = number_of(entry) or as_text(entry.patient_id)
        return Misfit.RESTING if worklist.is_resting(key, now=self._now) else None


def services_at(slot: Slot) -> list[GivenService]:
    """Returns the services of the doctor for which there is room from this slot on."""
    later = Slot.objects.filter(shift=slot.shift_id, starts_at__gt=slot.starts_at).order_by("starts_at")
    others = SlotOffer.objects.filter(doctor=slot.doctor_id, state__in=IN_THE_AIR, starts_at__gt=slot.starts_at)
    until = _free_until(slot, later, others.aggregate(first=Min("starts_at"))["first"], clock.now())
    return _with_room(given_by(slot.doctor.services.filter(active=True).order_by(*IN_ORDER)), until - slot.starts_at)


def _open_times(
    slots: Sequence[Slot], offered: Sequence[tuple[datetime, UUID]], now: datetime
) -> Iterator[tuple[Slot, list[GivenService]]]:
    """Yields the unbooked starts among the slots of a shift, with the services that fit in there.

    The services of the doctor are read before, those that are given and in the order of the price list.
    """
    services = given_by(slots[0].doctor.services.all())
    spoken_for = [at for at, doctor in offered if doctor == slots[0].doctor_id]
    for number, slot in enumerate(slots):
        if slot.appointment_id or slot.absence_id:
            continue
        next_offer = next((at for at in spoken_for if at > slot.starts_at), None)
        until = _free_until(slot, slots[number + 1 :], next_offer, now)
        if there := _with_room(services, until - slot.starts_at):
            yield slot, there


def _with_room(services: Sequence[GivenService], room: timedelta) -> list[GivenService]:
    return [service for service in services if timedelta(minutes=service.minutes) <= room]


def _free_until(slot: Slot, later: Iterable[Slot], spoken_for: datetime | None, now: datetime) -> datetime:
    """Returns the end of the unbroken free time that begins with this slot, whoever has the slot itself.

    `later` are the slots of the shift after it, `spoken_for` the next time of the doctor that is offered to somebody.
    """
    until = slot.ends_at
    for each in later:
        if each.starts_at != until or each.appointment_id or each.absence_id:
            break
        if each.held_against(slot.hold_token, now):
            break
        until = each.ends_at
    return min(until, spoken_for) if spoken_for else until

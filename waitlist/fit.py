"""Tells what fits a waiting patient, and why a start does not: the reason recorded for all passed over (R23)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from foundation.database import clock
from patients.models import Patient
from scheduling.choices import ACTIVE, Misfit
from scheduling.models import Appointment, Service, Slot
from scheduling.queries import availability, first_appointments
from scheduling.queries.availability import Fit
from scheduling.queries.fit import CONDITIONS, Start
from waitlist import wishes as typed
from waitlist.choices import IN_THE_AIR, OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.ranking.earlier import useful_before, useful_before_each
from waitlist.ranking.search import WaitingEntry
from waitlist.ranking.services import GivenService, gives
from waitlist.wishes import WishData

NOT_AFTER: Mapping[UUID, datetime] = MappingProxyType({})
SEARCHED = 24
"""How many of the nearest starts are read to find some that differ."""


def misfit(entry: WaitlistEntry | WaitingEntry, *, start: Start, services: Iterable[GivenService]) -> Misfit | None:
    """Returns the first wish that the start does not meet, or None when it meets all.

    `services` are those that can begin there: the shortest that the person would take is asked about.
    """
    lengths = [service.minutes for service in services if gives(service, entry)]
    visit = replace(start, minutes=min(lengths, default=0))
    unmet = next((condition.misfit for condition in CONDITIONS if not condition.met(entry, visit)), None)
    return unmet if unmet or lengths else Misfit.SERVICE


def is_busy(patient: UUID, *, starts_at: datetime, minutes: int) -> bool:
    """Tells whether the patient has a visit, whatever it is for, at some moment of these minutes."""
    own = Appointment.objects.filter(patient=patient, status__in=ACTIVE)
    return own.filter(starts_at__lt=starts_at + timedelta(minutes=minutes), ends_at__gt=starts_at).exists()


def nearest_fits(wishes: WishData, *, patient: Patient, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns the nearest free starts for a patient who can be asked at once: notice does not count, age does (R23)."""
    return _nearest(_of_patient(wishes, patient), limit)


def nearest_of_use(wishes: WishData, *, patient: Patient, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns those that a wait is for: with a visit that meets the wishes, earlier times alone."""
    return _nearest(_at_once(wishes, patient), limit)


def to_choose_from(offer: SlotOffer, *, patient: Patient, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns what a patient who is on the line may have instead: what is held for this call first, then the nearest.

    The time of the offer itself is left out.
    """
    found = _nearest(_at_once(typed.of(offer.entry), patient), SEARCHED, own_hold=offer.pk)
    held = set(Slot.objects.filter(hold_token=offer.pk).values_list("pk", flat=True))
    others = [each for each in found if each.slot.pk != offer.slot_id]
    return sorted(others, key=lambda each: each.slot.pk not in held)[:limit]


def nearest_fits_after_call(entry: WaitlistEntry, *, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns the nearest free starts for a patient to be called first: notice and «not before» count."""
    before = useful_before(entry, patient=entry.patient_id, now=clock.now())
    return _nearest(_after_call(entry, before=before), limit)


def nearest_fits_of_each(
    entries: Collection[WaitlistEntry], *, limit: int, after: Mapping[UUID, datetime] = NOT_AFTER
) -> Iterator[tuple[WaitlistEntry, list[Fit]]]:
    """Yields many patients with what fits them after a call: one statement for each, what they share is read once.

    `after` has the moments of their specialties after which a start counts, if not any does.
    """
    before = useful_before_each([entry.pk for entry in entries], now=clock.now())
    given = {each.specialty_id: each.specialty for each in entries if each.service_id is None}
    first = {specialty: first_appointments.by_doctor(row) for specialty, row in given.items()}
    for entry in entries:
        wishes = _after_call(entry, before=before.get(entry.pk))
        if later := after.get(entry.specialty_id):
            wishes = replace(wishes, not_before=max(later, entry.not_before or later))
        yield entry, _nearest(wishes, limit, first=first.get(entry.specialty_id))


def that_differ(entry: WaitlistEntry, *, but: UUID | None = None, limit: int = availability.NEAREST) -> list[Fit]:
    """Returns the nearest fitting starts that are a choice: no two of one doctor on one day.

    Times about which somebody else is to be phoned are left out, and those that the person has declined, and the day of
    the slot `but` at its doctor.
    """
    found = nearest_fits_after_call(entry, limit=SEARCHED)
    offered = SlotOffer.objects.filter(state__in=IN_THE_AIR, slot__in=[each.slot.pk for each in found])
    passed_by = {*offered.exclude(entry=entry).values_list("slot", flat=True), *_declined(entry)}
    of_day = set(Slot.objects.filter(pk=but).values_list("doctor", "shift__date")) if but else set()
    chosen: list[Fit] = []
    for each in found:
        day = (each.slot.doctor_id, each.slot.shift.date)
        if each.slot.pk in passed_by or day in of_day:
            continue
        of_day.add(day)
        chosen.append(each)
    return chosen[:limit]


def _declined(entry: WaitlistEntry) -> Iterator[UUID]:
    yield from entry.declined
    declined = SlotOffer.objects.filter(entry=entry, state=OfferState.DECLINED)
    for slot, also in declined.values_list("slot", "also"):
        yield from (slot, *also)


def _at_once(wishes: WishData, patient: Patient) -> WishData:
    before = useful_before(wishes, patient=patient.pk, now=clock.now())
    return replace(_of_patient(wishes, patient), before=before)


def _of_patient(wishes: WishData, patient: Patient) -> WishData:
    return replace(wishes, patient=patient.pk, birth_date=patient.birth_date, notice_minutes=0)


def _after_call(entry: WaitlistEntry, *, before: datetime | None) -> WishData:
    return replace(
        typed.of(entry),
        patient=entry.patient_id,
        birth_date=entry.birth_date,
        not_before=entry.not_before,
        before=before,
    )


def _nearest(
    wishes: WishData, limit: int, *, own_hold: UUID | None = None, first: Mapping[UUID, Service] | None = None
) -> list[Fit]:
    """Whoever names no service is read out the first appointment of each doctor, not what happens to be short.

    `first` has these appointments by doctor, if the caller has read them.
    """
    if wishes.service:
        return availability.nearest_of(services=[wishes.service], wishes=wishes, limit=limit, own_hold=own_hold)
    given = first_appointments.by_doctor(wishes.specialty) if first is None else first
    return availability.nearest_of_each(given=given, wishes=wishes, limit=limit, own_hold=own_hold)

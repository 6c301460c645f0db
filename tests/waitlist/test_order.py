"""T83, T84: matching against a brute-force reference, with the reason why each patient was passed over."""

import random
from datetime import time, timedelta

import pytest
from django.utils import timezone

from patients.ages import age_on
from scheduling.actions import slots as slot_actions
from scheduling.choices import Misfit, ReleaseReason, ServiceKind
from scheduling.models import Appointment, Slot
from scheduling.queries.fit import Start
from tests import factories as make
from waitlist import matching
from waitlist.fit import misfit, passed_over
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.ranking import search
from waitlist.ranking.services import given_by

ENTRIES, SLOTS = 60, 170  # 10,200 pairs

pytestmark = pytest.mark.django_db


@pytest.fixture
def chance():
    return random.Random(84)


@pytest.fixture
def clinic(chance):
    """Three doctors of two specialties, one for children; a waiting list of every kind of wish."""
    skin, hair = make.specialty(), make.specialty("Трихология", "трихолог")
    visit, laser, hairs = make.service(skin), make.service(skin, minutes=60), make.service(hair)
    doctors = [make.doctor(visit, laser), make.doctor(visit, hairs), make.doctor(visit, max_age=17)]
    today = timezone.localdate()
    for _ in range(ENTRIES):
        of = chance.choice([skin, skin, hair])
        from_hour = chance.choice([0, 0, 9, 12])
        make.entry_of_before(
            of,
            who=make.patient(birth_date=today - timedelta(days=chance.randint(1, 70 * 365))),
            service=chance.choice([None, None, hairs if of == hair else chance.choice([visit, laser])]),
            doctor_ids=tuple(doctor.pk for doctor in doctors if chance.random() < 0.3),
            date_from=today + timedelta(days=chance.randint(0, 6)),
            date_until=chance.choice([None, today + timedelta(days=chance.randint(7, 12))]),
            weekdays=tuple(day for day in range(1, 8) if chance.random() < 0.3),
            time_from=time(from_hour),
            time_until=chance.choice([time.max, time(from_hour + 3)]),
            notice_minutes=chance.choice([0, 60, 5 * 24 * 60]),
            priority=chance.choice(["1urgent", "2normal", "2normal"]),
        )
    return doctors


def test_t84_the_order_is_that_of_brute_force(clinic, chance):
    starts = [slot for doctor in clinic for days in range(1, 8) for slot in free_slots(doctor, days)]
    entries = list(WaitlistEntry.objects.select_related("patient"))
    visits = some_have_visits(entries, clinic, chance)
    now = timezone.now()
    compared = bounded = 0
    for slot in chance.sample(starts, SLOTS):
        services = given_by(slot.doctor.services.all())
        runs = {service: [slot] for service in services}
        found = search.who_fits([runs], doctor=slot.doctor, zone="Europe/Moscow", now=now, limit=ENTRIES)
        expected = sorted(
            (entry for entry in entries if fits(entry, slot, services, now)),
            key=lambda entry: (entry.priority, entry.arrived_at),
        )
        useful = [entry for entry in expected if is_of_use(entry, slot, visits)]
        assert [fit.entry.pk for fit in found] == [entry.pk for entry in useful]
        start = Start.of(slot.starts_at, doctor=slot.doctor, now=now)
        assert {entry for entry in entries if misfit(entry, start=start, services=services) is None} == set(expected)
        assert {entry for entry in expected if is_kept_by_visit(entry, start, services)} == set(expected) - set(useful)
        compared += len(entries)
        bounded += len(expected) - len(useful)
    assert compared >= 10_000
    assert bounded > 20


@pytest.mark.parametrize("reason", [ReleaseReason.CANCELLED, ReleaseReason.PUBLISHED])
def test_t83_nobody_is_booked_and_each_is_proposed_what_fits(clinic, reason):
    freed = [slot for doctor in clinic for slot in free_slots(doctor, 3)]
    slot_actions.announce(freed, reason=reason)
    matching.match_freed()
    assert Appointment.objects.count() == 0
    offers = SlotOffer.objects.select_related("entry__patient", "slot__doctor")
    assert offers
    for offer in offers:
        assert fits(offer.entry, offer.slot, [offer.service], timezone.now())
    assert not Slot.objects.filter(hold_token__isnull=False).exists()


def some_have_visits(entries, doctors, chance):
    """Gives a third of those who wait a visit at a later hour than any that is free, and returns the visits."""
    visits = []
    for number, entry in enumerate(chance.sample(entries, ENTRIES // 3)):
        slot = make.slots_of(make.shift(make.doctor(*doctors[0].services.all()), days=number % 9 + 1, starts="20:00"))[
            0
        ]
        visits.append(make.appointment(slot, of=entry.patient))
    WaitlistEntry.objects.update(state="waiting", appointment=None, closed_at=None, closed_by="")
    return visits


def is_of_use(entry, slot, visits):
    """Tells whether every visit that meets the wish is at least a day later: the reference."""
    mine = [visit for visit in visits if visit.patient_id == entry.patient_id]
    meeting = [visit for visit in mine if visit.service.specialty_id == entry.specialty_id]
    meeting = [visit for visit in meeting if entry.service_id in (None, visit.service_id)]
    return all(visit.starts_at - slot.starts_at >= timedelta(days=1) for visit in meeting)


def is_kept_by_visit(entry, start, services):
    return passed_over(entry, start=start, services=services) == Misfit.NO_EARLIER


def free_slots(doctor, days):
    return make.slots_of(make.shift(doctor, days=days, starts="08:00", slots=12))


def fits(entry, slot, services, now):
    """Tells whether a start fits, one wish after the other, as a person would check them: the reference."""
    start = timezone.localtime(slot.starts_at)
    wanted = [service for service in services if entry.specialty_id == service.specialty_id]
    if entry.service_id:
        wanted = [service for service in wanted if service.pk == entry.service_id]
    else:
        no_examination = [service for service in wanted if service.kind != ServiceKind.EXAMINATION]
        wanted = (no_examination or wanted)[:1]
    if not any(is_over_by(entry.time_until, start, service.minutes) for service in wanted):
        return False
    if start.date() < entry.date_from or (entry.date_until and start.date() > entry.date_until):
        return False
    if entry.weekdays and start.isoweekday() not in entry.weekdays:
        return False
    if start.time() < entry.time_from:
        return False
    if entry.doctor_ids and slot.doctor_id not in entry.doctor_ids:
        return False
    if slot.starts_at < now + timedelta(minutes=entry.notice_minutes):
        return False
    return slot.doctor.min_age <= age_on(entry.patient.birth_date, start.date()) <= slot.doctor.max_age


def is_over_by(hour, start, minutes):
    end = start + timedelta(minutes=minutes)
    return hour == time.max or (end.date() == start.date() and end.time() <= hour)

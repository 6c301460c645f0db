"""T83: matching books nobody and proposes to each what fits, of a long list (its order: `test_t84_random_lists`)."""

import random
from datetime import time, timedelta

import pytest
from django.utils import timezone

from scheduling.actions import slots as slot_actions
from scheduling.choices import ReleaseReason
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests.waitlist.reference import Day, Person
from waitlist import matching
from waitlist.models import SlotOffer

ENTRIES = 60

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


@pytest.mark.parametrize("reason", [ReleaseReason.CANCELLED, ReleaseReason.PUBLISHED])
def test_t83_nobody_is_booked_and_each_is_proposed_what_fits(clinic, reason):
    freed = [slot for doctor in clinic for slot in free_slots(doctor, 3)]
    slot_actions.announce(freed, reason=reason)
    matching.match_freed()
    assert Appointment.objects.count() == 0
    offers = SlotOffer.objects.select_related("entry__patient", "slot__doctor")
    assert offers
    for offer in offers:
        assert fits(offer)
    assert not Slot.objects.filter(hold_token__isnull=False).exists()


def free_slots(doctor, days):
    return make.slots_of(make.shift(doctor, days=days, starts="08:00", slots=12))


def fits(offer):
    """Tells whether the time of an offer suits whoever it is proposed to: the reference."""
    services = list(offer.slot.doctor.services.order_by("order", "name"))
    slots = list(offer.slot.shift.slots.order_by("starts_at"))
    day = Day(offer.slot.doctor, services, slots, {slot.pk for slot in slots}, timezone.now())
    offer.entry.state = "waiting"
    person = Person(offer.entry, offer.entry.patient.birth_date, "", [], rests=False, writes=False, phoned_at=[])
    return day.why(person, offer.slot) is None

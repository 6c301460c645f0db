"""Whatever people book, cancel, move and accept in any order, a wish never stands against a visit (W10, W11, W22)."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest

import booking
from foundation.accounts.choices import Role
from foundation.errors import DomainError
from scheduling.choices import UPCOMING, CancelReason
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.actions import met
from waitlist.choices import OPEN, UNANSWERED
from waitlist.models import SlotOffer, WaitlistEntry

pytestmark = pytest.mark.django_db

STEPS = 30


class Clinic:
    """Three people, two services of one specialty, and a few times on many days."""

    def __init__(self, seed):
        self.chance, self.done = random.Random(seed), set()
        first = make.service()
        self.services = [first, make.service(first.specialty, name="Лазер")]
        doctors = [make.doctor(*self.services) for _ in range(2)]
        self.slots = [slot for day in (1, 3, 5, 8, 12) for slot in self.day_of(doctors, day)]
        self.people = [make.patient() for _ in range(3)]
        self.operator = make.actor(Role.OPERATOR)

    def day_of(self, doctors, day):
        return [slot for doctor in doctors for slot in make.slots_of(make.shift(doctor, days=day, slots=2))]

    def any(self, rows):
        rows = list(rows)
        return self.chance.choice(rows) if rows else None

    def visit(self):
        return self.any(Appointment.objects.filter(status="booked").order_by("created_at"))

    def slot(self):
        return self.any(Slot.objects.filter(appointment=None, hold_token=None).order_by("starts_at", "pk"))

    def join(self):
        wishes = make.wishes(self.services[0].specialty, service=self.any([None, *self.services]))
        booking.join_waitlist(patient=self.any(self.people), wishes=wishes, none_suits=True, by=self.operator)

    def book(self):
        service, patient = self.any(self.services), self.any(self.people)
        booking.by_phone(slot=self.slot().pk, service=service, patient=patient, by=self.operator, unless_booked=True)

    def cancel(self):
        if visit := self.visit():
            booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=self.operator)

    def move(self):
        if visit := self.visit():
            booking.move(appointment=visit.pk, to_slot=self.slot().pk, by=self.operator)

    def offer(self):
        matching.offer_slot(slot=self.slot().pk)

    def accept(self):
        if offer := self.any(SlotOffer.objects.filter(state__in=UNANSWERED).order_by("created_at")):
            phoning.claim(offer=offer.pk, by=self.operator)
            booking.from_offer(offer=offer.pk, by=self.operator, unless_booked=True)

    def keep_looking(self):
        if visit := self.visit():
            booking.wait_for_earlier(appointment=visit.pk, by=self.operator)

    def step(self):
        deeds = (self.book, self.cancel, self.move, self.accept, self.keep_looking)
        deed = self.chance.choice((*deeds, *2 * (self.join, self.offer)))
        with suppress(DomainError):
            deed()
            self.done.add(deed.__name__)

    def wrong(self):
        """Yields what must never be."""
        visits = list(Appointment.objects.filter(status__in=UPCOMING))
        if len({visit.patient_id for visit in visits}) < len(visits):
            yield "somebody has two visits"
        for entry in WaitlistEntry.objects.filter(state__in=OPEN, earlier_than=None):
            if any(meets(visit, entry) and visit.created_at > entry.created_at for visit in visits):
                yield "a wish stands beside the visit that has met it"
        for offer in SlotOffer.objects.filter(state__in=UNANSWERED).select_related("entry"):
            worth = offer.starts_at + timedelta(days=1)
            if any(meets(visit, offer.entry) and visit.starts_at < worth for visit in visits):
                yield "a time is offered that is no earlier"


def meets(visit, entry):
    return visit.patient_id == entry.patient_id and entry.service_id in (None, visit.service_id)


def lived(seed):
    """Returns what was wrong after any step, and which deeds were not refused."""
    clinic = Clinic(seed)
    found = set()
    for _ in range(STEPS):
        clinic.step()
        found |= set(clinic.wrong())
    return found, clinic.done


@pytest.mark.parametrize("seeds", [range(at, at + 4) for at in (0, 4, 8)], ids=str)
def test_no_wish_stands_against_a_visit(seeds):
    lives = [lived(seed) for seed in seeds]
    assert [found for found, _done in lives] == [set()] * len(seeds)
    assert len(set().union(*(done for _found, done in lives))) == 7, "every deed is done in some life"


def test_control_where_bookings_end_no_wishes_it_is_found(monkeypatch):
    monkeypatch.setattr(met, "close", lambda entry, *, visit, by: None)
    found = set().union(*(lived(seed)[0] for seed in range(6)))
    assert "a wish stands beside the visit that has met it" in found

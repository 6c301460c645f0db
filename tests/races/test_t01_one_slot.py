"""T01: many clients of every channel, one slot."""

import time
from functools import partial
from uuid import uuid4

import pytest

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from notifications.models import Message
from scheduling.actions import slots
from scheduling.choices import ACTIVE, HoldReason
from scheduling.errors import HoldLapsed, SlotTaken
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests import phoning
from tests.races.harness import dropped, in_turns, overlaps, run_at_once
from waitlist import matching
from waitlist.models import SlotOffer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


class World:
    """One doctor whom everybody wants, another from whom patients move and come back."""

    def __init__(self):
        self.service = make.service(make.specialty())
        self.wanted = make.doctor(self.service)
        self.other = make.doctor(self.service)
        self.registrar, self.operator = make.actor(Role.REGISTRAR), make.actor(Role.OPERATOR)
        self.doctor = make.actor(Role.DOCTOR)
        earlier = iter(make.slots_of(make.shift(self.other, days=1, starts="08:00", slots=45, minutes=15)))
        self.service.minutes = 15
        self.service.save()
        self.seen_before = [make.appointment(next(earlier)) for _ in range(15)]
        for visit in self.seen_before:
            make.seen(visit, self.doctor)
            visit.refresh_from_db()
        self.movers = [make.appointment(next(earlier)) for _ in range(25)]
        self.patients = [make.patient() for _ in range(70)]
        self.waiting = [make.entry(self.service.specialty, doctor_ids=(self.wanted.pk,)) for _ in range(25)]
        self.callers = {entry.pk: make.actor(Role.OPERATOR) for entry in self.waiting}

    def clients(self, slot: Slot) -> list:
        """Makes 200 clients of every channel for one slot.

        40 on the site, 25 of them more with a hold, 40 at the desk, 30 by phone, 25 of the waitlist, 25 who move, 15
        follow-ups.
        """
        entries = [entry for entry in self.waiting if not Appointment.objects.filter(waitlist_entries=entry).exists()]
        return in_turns(
            [partial(self.on_site, slot) for _ in range(40)],
            [partial(self.on_site_with_hold, slot) for _ in range(25)],
            [partial(self.at_desk, slot, who) for who in self.patients[:40]],
            [partial(self.by_phone, slot, who) for who in self.patients[40:]],
            [partial(self.from_waitlist, slot, entry) for entry in entries],
            [partial(self.by_moving, slot, booked) for booked in self.movers],
            [partial(self.after_visit, slot, visit) for visit in self.seen_before],
        )

    def on_site(self, slot, *, by=None, **hold):
        return booking.on_site(
            slot=slot.pk,
            service=self.service.pk,
            person=make.person(),
            by=by or site_visitor(session=uuid4().hex),
            consent_text="Согласен",
            code=None,
            key=uuid4().hex,
            **hold,
        )

    def on_site_with_hold(self, slot):
        visitor = site_visitor(session=uuid4().hex)
        token = slots.hold(start=slot.pk, service=self.service, reason=HoldReason.SITE_FORM, by=visitor)
        return self.on_site(slot, by=visitor, hold=token)

    def at_desk(self, slot, patient):
        return self.at_reception(booking.at_desk, slot, patient, by=self.registrar, seen=[make.PASSPORT])

    def by_phone(self, slot, patient):
        return self.at_reception(booking.by_phone, slot, patient, by=self.operator)

    def at_reception(self, verb, slot, patient, **details):
        return verb(slot=slot.pk, patient=patient, service=self.service, key=uuid4().hex, **details)

    def from_waitlist(self, slot, entry):
        caller = self.callers.get(entry.pk, self.operator)
        if offer := SlotOffer.objects.filter(entry=entry, slot=slot).first():
            return booking.from_offer(offer=offer.pk, by=caller)
        return booking.from_entry(entry=entry.pk, slot=slot.pk, service=self.service, by=caller)

    def by_moving(self, slot, booked):
        return booking.move(appointment=booked.pk, to_slot=slot.pk, by=self.registrar)

    def after_visit(self, slot, visit):
        return booking.by_doctor(slot=slot.pk, service=self.service, follow_up_of=visit, by=self.doctor)

    def offer(self, slot) -> SlotOffer:
        """Puts an operator on the phone with the first of the waitlist about this very time."""
        matching.offer_slot(slot=slot.pk)
        offer = SlotOffer.objects.get(slot=slot)
        phoning.claim(offer=offer.pk, by=self.callers[offer.entry_id])
        return offer


def in_slot(slot: Slot) -> int:
    return Appointment.objects.filter(doctor=slot.doctor_id, starts_at=slot.starts_at, status__in=ACTIVE).count()


def test_one_of_200_gets_the_slot(request):
    world = World()
    for number in range(50 if request.config.getoption("--long") else 5):
        slot = make.slots_of(make.shift(world.wanted, days=2 + number, slots=5, minutes=15))[0]
        if number % 2:  # the time was kept for a call until a moment ago: the caller is one of the 200
            world.offer(slot)
            Slot.objects.filter(pk=slot.pk).update(**slots.NO_HOLD)
        clients = world.clients(slot)
        result = run_at_once(clients)
        assert len(clients) >= 195
        assert len(result.values) == 1
        assert len(result.refusals) == len(clients) - 1
        assert result.refused_with() <= {SlotTaken, HoldLapsed}
        assert {len(error.alternatives) for error in result.refusals} == {3}
        assert result.deadlocks == 0
        slot.refresh_from_db()
        assert slot.appointment_id == result.values[0].pk
        assert in_slot(slot) == 1
    assert overlaps() == {"doctor": 0, "room": 0, "patient": 0}
    booked = Appointment.objects.count()
    assert Message.objects.filter(template="booked").count() == booked
    assert Appointment.objects.exclude(slots__isnull=False).count() == 0


def test_a_time_kept_for_a_call_goes_to_the_caller():
    world = World()
    slot = make.slots_of(make.shift(world.wanted, days=2, slots=5, minutes=15))[0]
    offer = world.offer(slot)
    result = run_at_once(
        in_turns(
            [partial(booking.from_offer, offer=offer.pk, by=world.callers[offer.entry_id]) for _ in range(8)],
            [partial(world.at_desk, slot, who) for who in world.patients[:24]],
        )
    )
    assert {booked.patient_id for booked in result.values} == {offer.patient_id}
    assert {booked.pk for booked in result.values} == {Slot.objects.get(pk=slot.pk).appointment_id}
    assert len(result.values) == 8, "the operator's repeated click shows the appointment it made"
    assert result.refused_with() == {SlotTaken}
    assert in_slot(slot) == 1


@pytest.fixture
def no_locks(monkeypatch):
    """Takes the application's own guard away: rows are read without a lock, nothing is checked."""
    monkeypatch.setattr(slots, "lock", lambda ids: list(Slot.objects.filter(pk__in=list(ids)).order_by("pk")))
    monkeypatch.setattr(slots, "check_bookable", lambda *_args, **_kwargs: time.sleep(0.05))


def test_control_without_guards_the_slot_is_sold_twice(no_locks):
    world = World()
    slot = make.slots_of(make.shift(world.wanted, days=2, slots=5, minutes=15))[0]
    names = ("appointment_doctor_once", "appointment_room_once", "appointment_patient_once")
    with dropped(Appointment, *names, heal=overbook_all):
        run_at_once([partial(world.by_phone, slot, who) for who in world.patients[:16]])
        assert in_slot(slot) > 1


def test_constraints_alone_hold_without_locks(no_locks):
    world = World()
    slot = make.slots_of(make.shift(world.wanted, days=2, slots=5, minutes=15))[0]
    result = run_at_once([partial(world.by_phone, slot, who) for who in world.patients[:8]])
    assert len(result.values) == 1
    assert in_slot(slot) == 1


def overbook_all():
    """Makes all visits overbooked, which may overlap: the constraints can be put back."""
    Appointment.objects.update(overbooked=True, overbook_reason="negative control")

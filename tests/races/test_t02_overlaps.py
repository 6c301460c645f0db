"""T02: unequal lengths, shared rooms, the same patient twice: nothing active ever overlaps."""

import random
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from patients.choices import Channel
from scheduling.choices import ACTIVE, CancelReason, VisitKind
from scheduling.db_errors import translate_db_errors
from scheduling.errors import DoctorBusy, PatientBusy, RoomBusy, TryAgain
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests.races.harness import dropped, overlaps, run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

NOTHING = {"doctor": 0, "room": 0, "patient": 0}
ONCE = ("appointment_doctor_once", "appointment_room_once", "appointment_patient_once")


def test_bookings_moves_and_cancels_of_unequal_lengths():
    dice = random.Random(2)
    specialty = make.specialty()
    services = [make.service(specialty, minutes=minutes, name=f"{minutes}") for minutes in (15, 30, 45, 75)]
    doctors = [make.doctor(*services) for _ in range(3)]
    starts = [slot for doctor in doctors for slot in make.slots_of(make.shift(doctor, slots=16, minutes=15))]
    patients, operator = [make.patient() for _ in range(8)], make.actor(Role.OPERATOR)

    def live(number):
        """One person at a keyboard: books, then moves or cancels what they booked."""
        mine = random.Random(number)
        booked = booking.by_phone(
            slot=mine.choice(starts).pk,
            patient=mine.choice(patients),
            service=mine.choice(services),
            by=operator,
            key=uuid4().hex,
        )
        if mine.random() < 0.3:
            return booking.cancel(appointment=booked.pk, reason=CancelReason.PATIENT, by=operator)
        if mine.random() < 0.5:
            return booking.move(appointment=booked.pk, to_slot=mine.choice(starts).pk, by=operator)
        return booked

    result = run_at_once([partial(live, dice.random()) for _ in range(160)])
    assert len(result.values) > 10
    assert TryAgain not in result.refused_with()
    assert overlaps() == NOTHING
    active = Appointment.objects.filter(status__in=ACTIVE)
    assert active.count() > 5
    for booked in active:
        taken = list(booked.slots.order_by("starts_at"))
        assert taken[0].starts_at == booked.starts_at
        assert taken[-1].ends_at >= booked.ends_at > taken[-1].starts_at
    assert not Slot.objects.filter(appointment__isnull=False).exclude(appointment__status__in=ACTIVE).exists()


class Rows:
    """Rows written past every action, as a mistaken script would: only the database is left to refuse them."""

    def __init__(self):
        self.service = make.service()
        self.doctors = [make.doctor(self.service) for _ in range(3)]
        self.rooms = [make.room() for _ in range(3)]
        self.patients = [make.patient() for _ in range(3)]
        self.day = make.moment(days=2, at="09:00")

    def clients(self, count):
        return [partial(self.write, random.Random(number)) for number in range(count)]

    @translate_db_errors
    def write(self, dice):
        starts_at = self.day + timedelta(minutes=dice.randrange(0, 600, 5))
        return Appointment.objects.create(
            doctor=dice.choice(self.doctors),
            room=dice.choice(self.rooms),
            patient=dice.choice(self.patients),
            service=self.service,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=dice.choice((10, 25, 40, 90))),
            visit_kind=VisitKind.FIRST,
            channel=Channel.PHONE,
            price=1,
            created_at=timezone.now(),
            created_by="script",
            link_hash=uuid4().hex,
        )


def test_the_database_alone_refuses_every_overlap():
    result = run_at_once(Rows().clients(120), threads=4)
    assert len(result.values) > 5
    assert {DoctorBusy, RoomBusy, PatientBusy} <= result.refused_with()
    assert overlaps() == NOTHING


def test_control_without_the_constraints_they_overlap():
    rows = Rows()

    def overbook_all():
        Appointment.objects.update(overbooked=True, overbook_reason="negative control")

    with dropped(Appointment, *ONCE, heal=overbook_all):
        run_at_once(rows.clients(60), threads=4)
        found = overlaps()
    assert min(found.values()) > 0, found


def test_one_patient_at_two_doctors_at_the_same_time():
    """The slots differ, so no lock meets: the patient's own constraint decides, and nobody sees a deadlock."""
    service = make.service()
    there = [make.slots_of(make.shift(make.doctor(service)))[0] for _ in range(6)]
    for _ in range(3):
        who = make.patient()
        result = run_at_once([partial(book_by_phone, slot, who, service) for slot in there])
        assert len(result.values) == 1
        assert result.refused_with() == {PatientBusy}
        assert overlaps() == NOTHING
        booking.cancel(appointment=result.values[0].pk, reason=CancelReason.PATIENT, by=make.TEST)


def book_by_phone(slot, who, service):
    return booking.by_phone(slot=slot.pk, patient=who, service=service, by=make.TEST)

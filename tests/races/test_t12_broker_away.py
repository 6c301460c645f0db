"""T12–T14: the broker is stopped, hangs or forgets while people book. Nobody waits for it; matching catches up."""

import time
from contextlib import contextmanager
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from celery import current_app
from django.db import transaction
from django.test import Client
from kombu.exceptions import OperationalError
from redis import Redis

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from notifications.actions import phone_codes
from notifications.choices import MessageState
from notifications.errors import CodeTooSoon
from notifications.models import Message
from scheduling.choices import CancelReason
from scheduling.models import Appointment, SlotRelease
from standalone import valkey
from tests import factories as make
from tests.races import servers
from waitlist import matching
from waitlist.choices import OfferState
from waitlist.models import SlotOffer, Sweep

pytestmark = [pytest.mark.race, pytest.mark.embedded, pytest.mark.django_db(transaction=True)]

SECONDS = 10
BOOKINGS = 60
FREED = 5
SLOWEST = 3
"""Seconds that a person may wait for any step."""
CAUGHT_UP = 10
"""A sweep comes every 5 s; the workers need a moment to find the broker again."""


class Clinic:
    """A clinic that books on the site and by phone in turn, now and then cancels, and measures how long each takes."""

    def __init__(self):
        self.service = make.service(minutes=10)
        self.free = make.slots_of(make.shift(make.doctor(self.service), days=2, starts="08:00", slots=70, minutes=10))
        self.patients = [make.patient() for _ in range(BOOKINGS // 2)]
        for _ in range(FREED):
            make.entry(self.service.specialty)
        self.operator = make.actor(Role.OPERATOR)
        self.longest = 0.0

    def book(self, number):
        slot = self.free[number]
        if number % 2:
            return booking.by_phone(
                slot=slot.pk,
                patient=self.patients[number // 2],
                service=self.service,
                by=self.operator,
                key=uuid4().hex,
            )
        return booking.on_site(
            slot=slot.pk,
            service=self.service.pk,
            person=make.person(birth_date=date(1990, 1, 1)),
            by=site_visitor(session=f"visitor-{number}"),
            consent_text="Согласен",
            code=None,
            key=uuid4().hex,
        )

    def timed(self, action):
        started = time.monotonic()
        done = action()
        self.longest = max(self.longest, time.monotonic() - started)
        return done

    def work(self):
        """Makes all bookings, spread over the time the broker is away."""
        begun = time.monotonic()
        self.timed(partial(phone_codes.send, phone="+79215550101"))
        for number in range(BOOKINGS):
            booked = self.timed(partial(self.book, number))
            if number % (BOOKINGS // FREED) == 1:
                self.timed(partial(self.cancel, booked))
            time.sleep(max(0.0, begun + SECONDS * (number + 1) / BOOKINGS - time.monotonic()))

    def cancel(self, booked):
        booking.cancel(appointment=booked.pk, reason=CancelReason.PATIENT, by=self.operator)


def code_is_sent():
    return Message.objects.filter(template="code", state=MessageState.SENT).exists()


def offered():
    return SlotOffer.objects.filter(state=OfferState.PROPOSED).count()


@contextmanager
def running_clinic():
    with servers.own_broker() as broker:
        background = [servers.worker(broker), servers.beat(broker)]
        with servers.running(*background):
            servers.wait_until(background[0].is_ready, seconds=60)
            current_app.send_task(matching.SWEEP)
            servers.wait_until(Sweep.objects.exists, seconds=10)
            yield broker


def check(go_away, come_back):
    clinic = Clinic()
    with running_clinic() as broker:
        go_away(broker)
        clinic.work()
        assert offered() == 0, "the broker was away"
        assert SlotRelease.objects.filter(handled_at=None).count() == FREED
        assert code_is_sent(), "without the broker the process that made the code sends it"
        come_back(broker)
        servers.wait_until(lambda: offered() == FREED, seconds=CAUGHT_UP)
    assert Appointment.objects.count() == BOOKINGS
    assert Appointment.objects.filter(status="booked").count() == BOOKINGS - FREED
    assert clinic.longest < SLOWEST
    assert SlotRelease.objects.filter(outcome="sought").count() == FREED


def test_t12_the_broker_is_stopped():
    check(lambda broker: broker.stop(), lambda broker: broker.start())


def test_t13_the_broker_hangs():
    check(lambda broker: broker.hang(), lambda broker: broker.wake())


def book_and_publish(clinic, number):
    """Sends a task inside the transaction of the booking, which the product must never do."""
    with transaction.atomic():
        clinic.book(number)
        current_app.send_task(matching.SWEEP)


def test_control_a_task_sent_from_the_booking_fails_with_the_broker():
    clinic = Clinic()
    with servers.own_broker() as broker:
        broker.stop()
        with pytest.raises(OperationalError):
            book_and_publish(clinic, 1)
        assert not Appointment.objects.exists()
        broker.start()
        broker.hang()
        started = time.monotonic()
        with pytest.raises(OperationalError):
            book_and_publish(clinic, 1)
        took = time.monotonic() - started
        broker.wake()
    assert took > SLOWEST


@pytest.mark.long
def test_t14_the_broker_forgets_everything_again_and_again():
    """The staff stay signed in and the limits of codes hold, because neither is kept there."""
    clinic, desk = Clinic(), Client()
    desk.force_login(make.user(Role.REGISTRAR), backend="foundation.accounts.backend.StaffBackend")
    with running_clinic() as broker:
        with servers.every(1, partial(forget_everything, broker)):
            clinic.work()
        servers.wait_until(lambda: offered() == FREED, seconds=CAUGHT_UP)
        assert code_is_sent()
        assert desk.get("/office/patients/").status_code == 200
        with pytest.raises(CodeTooSoon):
            phone_codes.send(phone="+79215550101")
    assert Appointment.objects.count() == BOOKINGS
    assert SlotRelease.objects.filter(outcome="sought").count() == FREED
    assert clinic.longest < SLOWEST


def forget_everything(broker):
    with Redis(unix_socket_path=str(broker.folder / valkey.SOCKET)) as client:
        client.flushall()

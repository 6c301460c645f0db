"""T52: guesses at the same moment are counted one by one, alone and inside a booking."""

from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings

import booking
from booking.site import TypedCode
from foundation.accounts.actors import site_visitor
from notifications.actions import phone_codes
from notifications.errors import CodeProblem
from notifications.models import PhoneCode
from scheduling.models import Appointment
from tests import factories as make
from tests.messages import code_of
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

GUESSES = 60
PHONE = "+79215550102"
VISITOR = site_visitor(session="anna")


@pytest.fixture
def wrong():
    phone_codes.send(phone=PHONE, asked_by=VISITOR.ref)
    return "000000" if code_of(PHONE) != "000000" else "111111"


def refusal_of(guess):
    try:
        guess()
    except CodeProblem as problem:
        return type(problem).__name__
    raise AssertionError("a guess was taken")


def assert_counted(guess):
    refusals = run_at_once([partial(refusal_of, guess)] * GUESSES).values
    assert PhoneCode.objects.get().tries == settings.CODE_TRIES
    assert refusals.count("WrongCode") == settings.CODE_TRIES - 1
    assert refusals.count("TooManyTries") == GUESSES - settings.CODE_TRIES + 1


def test_guesses_alone(wrong):
    assert_counted(partial(phone_codes.check, phone=PHONE, code=wrong, asked_by=VISITOR.ref))


def test_guesses_with_a_booking(wrong):
    slot = make.slots_of(make.shift(make.doctor()))[0]

    def book():
        booking.on_site(
            slot=slot.pk,
            service=slot.doctor.services.get().pk,
            person=make.person(phone=PHONE),
            code=TypedCode(wrong),
            by=VISITOR,
            consent_text="Согласен",
            key=uuid4().hex,
        )

    assert_counted(book)
    assert not Appointment.objects.exists()

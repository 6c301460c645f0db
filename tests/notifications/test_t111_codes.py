"""T111: what strangers may ask for, and that nobody can use up another's code (O05, O07)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.actions import phone_codes
from notifications.errors import CodesStopped, CodeTooSoon, TooManyCodes, TooManyTries, WrongCode
from notifications.models import PhoneCode
from tests.messages import code_of

pytestmark = pytest.mark.django_db
PHONE = "+79210001122"
ANNA, STRANGER = "site:anna", "site:stranger"
HOME, CAFE = "203.0.113.9", "198.51.100.20"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def ask(number=1, *, address=HOME, by=ANNA):
    phone_codes.send(phone=f"+7921000{number:04d}", asked_by=by, address=address)


def test_a_phone_is_sent_one_a_minute_three_an_hour_five_a_day(now):
    for hour in range(2):
        for _code in range(3 if hour == 0 else 2):
            ask()
            with pytest.raises(CodeTooSoon):
                ask()
            now.shift(timedelta(seconds=61))
        with pytest.raises(TooManyCodes):
            ask()
        now.shift(timedelta(hours=1))
    with pytest.raises(TooManyCodes):
        ask()
    now.shift(timedelta(hours=22))
    ask()


def test_a_network_is_sent_ten_an_hour_and_fifty_a_day(now):
    for number in range(50):
        if number and number % 10 == 0:
            with pytest.raises(CodesStopped):
                ask(number)
            now.shift(timedelta(hours=1, seconds=1))
        ask(number)
    now.shift(timedelta(hours=1, seconds=1))
    with pytest.raises(CodesStopped):
        ask(50)
    ask(50, address=CAFE)


def test_a_network_of_many_people_has_more(settings):
    settings.SHARED_NETWORKS = ["203.0.113.0/24"]
    for number in range(11):
        ask(number)


def test_so_many_leave_for_all_in_an_hour(settings, now):
    settings.CODES_OF_ALL_PER_HOUR = 2
    ask(1, address=HOME)
    ask(2, address="")
    with pytest.raises(CodesStopped):
        ask(3, address=CAFE)
    now.shift(timedelta(hours=1, seconds=1))
    ask(3, address=CAFE)


def test_what_is_refused_is_not_sent_and_counts_for_nobody(settings):
    settings.CODES_PER_NETWORK = (1, 1)
    ask(1)
    for _again in range(2):
        with pytest.raises(CodesStopped):
            ask(2)
    ask(2, address=CAFE)
    assert PhoneCode.objects.count() == 2


def test_a_stranger_cannot_use_up_the_tries_of_my_code(now):
    phone_codes.send(phone=PHONE, asked_by=ANNA)
    mine = code_of(PHONE)
    now.shift(timedelta(seconds=61))
    phone_codes.send(phone=PHONE, asked_by=STRANGER)
    wrong = "000000" if code_of(PHONE) != "000000" else "111111"
    for error in (*[WrongCode] * 4, TooManyTries):
        with pytest.raises(error):
            phone_codes.check(phone=PHONE, code=wrong, asked_by=STRANGER)
    phone_codes.check(phone=PHONE, code=mine, asked_by=ANNA)


def test_a_code_is_of_no_use_to_another_visitor(now):
    phone_codes.send(phone=PHONE, asked_by=ANNA)
    mine = code_of(PHONE)
    now.shift(timedelta(seconds=61))
    phone_codes.send(phone=PHONE, asked_by=STRANGER)
    with pytest.raises(WrongCode):
        phone_codes.check(phone=PHONE, code=mine, asked_by=STRANGER)


def test_a_code_on_its_way_to_somebody_else_is_not_waited_for():
    """A visitor is not told to type a code that only another one can type."""
    phone_codes.send(phone=PHONE, asked_by=STRANGER)
    with pytest.raises(CodesStopped):
        phone_codes.send(phone=PHONE, asked_by=ANNA)

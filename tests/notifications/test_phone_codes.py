"""T52, T54: one short code proves a phone; guesses are few, and so are messages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications.actions import phone_codes
from notifications.errors import CodeExpired, CodeTooSoon, TooManyCodes, TooManyTries, WrongCode
from notifications.models import Message, PhoneCode
from tests.messages import code_of

pytestmark = pytest.mark.django_db
PHONE = "+79210001122"


def sent_code():
    phone_codes.send(phone=PHONE)
    return code_of(PHONE)


def test_a_code_is_taken_once_and_good_again_for_a_minute():
    code = sent_code()
    phone_codes.check(phone=PHONE, code=code)
    taken = PhoneCode.objects.get().used_at
    phone_codes.check(phone=PHONE, code=code)
    assert PhoneCode.objects.get().used_at == taken, "the minute is the first one's"
    PhoneCode.objects.update(used_at=timezone.now() - phone_codes.GOOD_AGAIN)
    with pytest.raises(CodeExpired):
        phone_codes.check(phone=PHONE, code=code)


def test_t52_guesses_beside_a_code_in_use_are_counted():
    code = sent_code()
    phone_codes.check(phone=PHONE, code=code)
    closed_after(3, code)


def test_an_older_code_is_good_for_nothing_once_the_newest_is_used():
    older = sent_code()
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    newest = sent_code()
    phone_codes.check(phone=PHONE, code=newest)
    with pytest.raises(WrongCode):
        phone_codes.check(phone=PHONE, code=older)
    PhoneCode.objects.exclude(used_at=None).update(used_at=timezone.now() - phone_codes.GOOD_AGAIN)
    for code in (newest, older):
        with pytest.raises(CodeExpired):
            phone_codes.check(phone=PHONE, code=code)
    assert PhoneCode.objects.get(used_at=None).tries == 0


def test_t52_five_tries_a_code():
    closed_after(4, sent_code())


def closed_after(wrong_tries, code):
    """Makes the next wrong try the last, after which even the right code is refused."""
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(wrong_tries):
        with pytest.raises(WrongCode):
            phone_codes.check(phone=PHONE, code=wrong)
    for attempt in (wrong, code):
        with pytest.raises(TooManyTries):
            phone_codes.check(phone=PHONE, code=attempt)


def test_t54_one_code_a_minute_five_a_day():
    sent_code()
    with pytest.raises(CodeTooSoon):
        sent_code()
    for _ in range(4):
        PhoneCode.objects.update(created_at=timezone.now() - timedelta(hours=2))
        sent_code()
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(TooManyCodes):
        sent_code()


def test_only_the_hash_of_a_code_is_kept():
    code = sent_code()
    assert code not in PhoneCode.objects.get().code_hash


def test_code_is_nowhere_in_clear():
    code = sent_code()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(message)::text FROM notifications_message message")
        (row,) = cursor.fetchone()
    assert code not in row
    assert f"{PHONE}" in row, "the control: what is not encrypted is found"


def test_message_of_code_lives_as_long_as_code():
    sent_code()
    code, message = PhoneCode.objects.get(), Message.objects.get()
    assert (message.about, message.useful_until, message.patient) == (code.pk, code.expires_at, None)

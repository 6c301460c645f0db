"""T17: a message is sent once, or stays in sight as not delivered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.actions import outbox, phone_codes
from notifications.choices import MessageKind, MessageState
from notifications.errors import CodeExpired, CodeTooSoon, TooManyCodes, TooManyTries, WrongCode
from notifications.gateways import GatewayError, gateway
from notifications.models import Message, PhoneCode

pytestmark = pytest.mark.django_db
PHONE = "+79210001122"


class Refusing:
    """A provider that is down."""

    def send(self, *, address, text):
        raise GatewayError("503")


class Collecting:
    sent: list[tuple[str, str]] = []

    def send(self, *, address, text):
        self.sent.append((address, text))


@pytest.fixture
def provider(settings):
    def use(kind):
        settings.MESSAGE_GATEWAY = f"{__name__}.{kind.__name__}"
        gateway.cache_clear()

    Collecting.sent.clear()
    yield use
    gateway.cache_clear()


def put(key="k"):
    outbox.put(kind=MessageKind.BOOKED, address=PHONE, text="Вы записаны", dedupe_key=key)
    return Message.objects.get(dedupe_key=key)


def test_the_same_message_is_written_and_sent_once(provider):
    provider(Collecting)
    assert put() == put()
    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    assert Collecting.sent == [(PHONE, "Вы записаны")]


def test_a_refused_message_is_tried_again_and_then_shown(provider):
    provider(Refusing)
    message = put()
    for _ in range(len(outbox.RETRY_AFTER) + 1):
        Message.objects.update(due_at=timezone.now())
        outbox.send_due()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.FAILED, 4, "503")


def test_a_sender_that_died_leaves_its_message_to_the_next(provider):
    provider(Collecting)
    message = put()
    Message.objects.update(state=MessageState.SENDING, leased_until=timezone.now() - timedelta(seconds=1))
    assert outbox.send_due() == 1
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def sent_code():
    phone_codes.send(phone=PHONE)
    return Message.objects.filter(kind="code").latest("created_at").text[:6]


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
    """The next wrong try is the last, and then even the right code is refused."""
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
        PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        sent_code()
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(TooManyCodes):
        sent_code()


def test_only_the_hash_of_a_code_is_kept():
    code = sent_code()
    assert code not in PhoneCode.objects.get().code_hash

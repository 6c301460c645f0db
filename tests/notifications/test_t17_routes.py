"""T17: whatever a provider does, a message is delivered or in sight as not delivered, and no booking waits for it."""

import smtplib
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from notifications import texts
from notifications.actions import outbox, phone_codes, receipts, sending
from notifications.choices import MessageChannel, MessageState, ReceiptState
from notifications.errors import NoRouteForCodes
from notifications.gateways import http, routes
from notifications.gateways.contract import AddressRefused, GatewayError, Outgoing, Receipt
from notifications.gateways.smsru import SmsRuGateway
from notifications.models import Message, PhoneCode
from notifications.queries.undelivered import undelivered
from tests.provider import serving

PHONE = "+79210001122"
BY_SMSRU = {"sms": ["smsru"]}


@pytest.fixture
def provider(settings):
    with serving() as provider:
        settings.MESSAGE_ROUTES = BY_SMSRU
        settings.SMSRU_URL, settings.SMSRU_API_ID, settings.SMS_SENDER = provider.url, "key-17", "MEDILUNA"
        settings.SMS_HTTP_URL, settings.SMS_HTTP_HEADERS = f"{provider.url}/messages", {"X-Key": "k"}
        settings.SMS_HTTP_ID = "data.id"
        yield provider


@pytest.fixture
def now():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def outgoing(text="Вы записаны", *, channel=MessageChannel.SMS, address=PHONE):
    return Outgoing(id=uuid4(), channel=channel, address=address, text=text)


def put(key="k"):
    until = timezone.now() + timedelta(hours=30)
    outbox.put(texts.CallUs(), address=PHONE, about=uuid4(), patient=None, useful_until=until, dedupe_key=key)
    return Message.objects.get(dedupe_key=key)


def state_of(message):
    message.refresh_from_db()
    return message.state, message.receipt


def test_smsru_is_handed_number_text_and_name(provider):
    taken = routes.send(outgoing("Вы записаны"))
    assert (taken.route, taken.receipt.provider_id, taken.receipt.state) == ("smsru", "n-1", ReceiptState.ACCEPTED)
    form = {"api_id": "key-17", "json": "1", "to": "79210001122", "msg": "Вы записаны", "from": "MEDILUNA"}
    assert provider.taken == [form]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"status": 503}, GatewayError, "503"),
        ({"status": 429}, GatewayError, "429"),
        ({"whole": 201}, GatewayError, "201"),  # the clinic's money is spent
        ({"whole": 200}, GatewayError, "200"),
        ({"code": 230}, GatewayError, "230"),
        ({"code": 202}, AddressRefused, "202"),
        ({"code": 209}, AddressRefused, "209"),
    ],
)
def test_smsru_refuses(provider, answer, error, words):
    for name, value in answer.items():
        setattr(provider, name, value)
    with pytest.raises(GatewayError) as refused:
        routes.send(outgoing())
    assert (type(refused.value), str(refused.value)) == (error, words)


def test_a_provider_that_takes_and_stays_silent_is_not_waited_for(provider, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    provider.silent = 1.0
    with pytest.raises(GatewayError, match="ReadTimeout"):
        routes.send(outgoing())
    assert len(provider.taken) == 1


def test_a_key_of_the_clinic_is_in_no_error(provider, settings):
    settings.SMSRU_URL = "http://127.0.0.1:1"
    with pytest.raises(GatewayError) as refused:
        routes.send(outgoing())
    assert str(refused.value) == "ConnectError"


def test_any_provider_is_asked_as_settings_say(provider, settings):
    settings.MESSAGE_ROUTES = {"sms": ["http"]}
    settings.SMS_HTTP_BODY = {"to": ["{digits}"], "body": {"text": "{text}", "ttl": 60}, "ref": "m-{id}"}
    message = outgoing('Он сказал: "{phone}"\nи ушёл')
    taken = routes.send(message)
    assert taken.receipt.provider_id == "n-1"
    assert provider.taken == [
        {"to": ["79210001122"], "body": {"text": message.text, "ttl": 60}, "ref": f"m-{message.id}", "key": "k"}
    ]


@pytest.mark.parametrize(("status", "error"), [(400, AddressRefused), (404, GatewayError), (500, GatewayError)])
def test_what_any_provider_refuses_for_good_is_a_setting(provider, settings, status, error):
    settings.MESSAGE_ROUTES, settings.SMS_HTTP_REFUSED, provider.status = {"sms": ["http"]}, [400], status
    with pytest.raises(GatewayError) as refused:
        routes.send(outgoing())
    assert type(refused.value) is error


def test_a_message_that_was_taken_without_a_number_is_taken(provider, settings, caplog):
    """It would go again and again otherwise, for a setting that somebody mistyped."""
    settings.MESSAGE_ROUTES, settings.SMS_HTTP_ID = {"sms": ["http", "tests.phone.Phone"]}, "result.0"
    taken = routes.send(outgoing())
    assert (taken.route, taken.receipt.provider_id) == ("http", "")
    assert "the provider has taken a message, and its answer has no result.0" in caplog.text


def test_no_address_of_a_provider_stands_in_the_log(provider, settings):
    """httpx writes whole addresses, in which a key may stand."""
    assert settings.LOGGING["loggers"]["httpx"] == {"level": "WARNING"}


class Broken:
    def send(self, message):
        raise ValueError("a header that is no ASCII, with a key in it")


@pytest.mark.parametrize("name", [f"{__name__}.Broken", "nobody.knows.This"])
def test_a_route_that_is_broken_leaves_the_message_to_the_next_one(settings, name):
    settings.MESSAGE_ROUTES = {"sms": [name, "tests.phone.Phone"]}
    assert routes.send(outgoing()).route == "tests.phone.Phone"
    settings.MESSAGE_ROUTES = {"sms": [name]}
    with pytest.raises(GatewayError, match=r"^(ValueError|ModuleNotFoundError)$"):
        routes.send(outgoing())


@pytest.mark.parametrize("failure", [{"status": 503}, {"code": 209}])
def test_the_second_route_takes_what_the_first_one_does_not(provider, settings, failure):
    settings.MESSAGE_ROUTES = {"sms": ["smsru", "tests.phone.Phone"]}
    vars(provider).update(failure)
    assert routes.send(outgoing()).route == "tests.phone.Phone"


class Refusing:
    def send(self, message):
        raise AddressRefused("550")


@pytest.mark.parametrize(
    ("names", "error"),
    [
        (["smsru", f"{__name__}.Refusing"], GatewayError),
        ([f"{__name__}.Refusing", f"{__name__}.Refusing"], AddressRefused),
        ([], GatewayError),
    ],
)
def test_an_address_is_given_up_when_every_route_refuses_it(provider, settings, names, error):
    provider.status, settings.MESSAGE_ROUTES = 503, {"sms": names}
    with pytest.raises(GatewayError) as refused:
        routes.send(outgoing())
    assert type(refused.value) is error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "state", "receipt"),
    [
        (103, MessageState.SENT, ReceiptState.DELIVERED),
        (102, MessageState.SENT, ReceiptState.ACCEPTED),
        (104, MessageState.FAILED, ReceiptState.UNDELIVERED),
    ],
)
def test_what_has_become_of_a_message_is_asked(provider, code, state, receipt):
    message = put()
    sending.send_due()
    assert state_of(message) == (MessageState.SENT, ReceiptState.ACCEPTED)
    provider.codes["n-1"] = code
    for _said_twice in range(2):
        receipts.ask()
        assert state_of(message) == (state, receipt)


@pytest.mark.django_db
def test_providers_are_asked_for_two_days_and_only_those_that_know(provider, settings, now):
    settings.MESSAGE_ROUTES = {"sms": ["smsru"]}
    message = put()
    sending.send_due()
    provider.codes["n-1"] = 103
    Message.objects.filter(pk=message.pk).update(route="tests.phone.Phone")
    assert receipts.ask() == 0
    Message.objects.filter(pk=message.pk).update(route="of.a.provider.of.before")
    assert receipts.ask() == 0
    Message.objects.filter(pk=message.pk).update(route="smsru")
    now.shift(timedelta(days=2, seconds=1))
    assert receipts.ask() == 0
    now.shift(timedelta(seconds=-2))
    assert receipts.ask() == 1


@pytest.mark.django_db
def test_a_provider_that_cannot_say_is_asked_again(provider):
    message = put()
    sending.send_due()
    provider.codes["n-1"], provider.status = 103, 503
    assert receipts.ask() == 0
    provider.status = 200
    assert receipts.ask() == 1
    assert state_of(message) == (MessageState.SENT, ReceiptState.DELIVERED)


@pytest.mark.django_db
def test_a_provider_that_hangs_is_asked_once_in_a_run(provider, monkeypatch):
    monkeypatch.setattr(receipts, "AT_ONCE", 1)
    for number in range(3):
        put(str(number))
    sending.send_due()
    asked = []

    def hang(self, numbers):
        asked.append(numbers)
        raise GatewayError("ReadTimeout")

    monkeypatch.setattr(SmsRuGateway, "receipts", hang)
    assert receipts.ask() == 0
    assert asked == [["n-1"]]


@pytest.mark.django_db
def test_what_is_not_reported_within_the_hour_is_a_persons_business(provider, settings, now):
    message = put()
    sending.send_due()
    Message.objects.filter(pk=message.pk).update(template="booked")  # what patients miss when it does not come
    assert not undelivered(timezone.now()).exists()
    now.shift(timedelta(minutes=settings.RECEIPT_MINUTES))
    assert undelivered(timezone.now()).get() == message
    settings.MESSAGE_ROUTES = {"sms": ["http"]}  # which reports nothing: its silence means nothing
    assert not undelivered(timezone.now()).exists()
    settings.MESSAGE_ROUTES, provider.codes["n-1"] = BY_SMSRU, 103
    receipts.ask()
    assert not undelivered(timezone.now()).exists()


@pytest.mark.django_db
def test_so_many_messages_leave_within_any_hour_and_codes_beside_them(provider, settings, now):
    settings.MESSAGES_PER_HOUR = 2
    for number in range(3):
        put(str(number))
    assert sending.send_due() == 2
    left = Message.objects.get(state=MessageState.QUEUED)
    assert (left.attempts, left.last_error) == (0, "so many messages have left within an hour")
    phone_codes.send(phone=PHONE)
    assert sending.send_due() == 1
    now.shift(timedelta(hours=1, seconds=1))
    assert sending.send_due() == 1
    assert len(provider.taken) == 4


@pytest.mark.django_db
def test_without_a_route_nothing_is_called_sent_and_no_code_is_promised(settings):
    settings.MESSAGE_ROUTES = {}
    message = put()
    assert sending.send_due() == 0
    assert state_of(message) == (MessageState.QUEUED, "")
    with pytest.raises(NoRouteForCodes):
        phone_codes.send(phone=PHONE)
    assert not PhoneCode.objects.exists()


def test_an_email_has_its_words_its_sender_and_its_number(settings):
    settings.MESSAGE_ROUTES, settings.DEFAULT_FROM_EMAIL = {"email": ["smtp"]}, "desk@clinic.example.org"
    message = outgoing(channel=MessageChannel.EMAIL, address="anna@example.org")
    taken = routes.send(message)
    (letter,) = mail.outbox
    assert (letter.body, letter.from_email, letter.to) == (
        message.text,
        "desk@clinic.example.org",
        ["anna@example.org"],
    )
    assert letter.extra_headers["Message-ID"].startswith(f"<{message.id}@")
    assert (taken.route, taken.receipt.provider_id) == ("smtp", str(message.id))


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no such user")}), AddressRefused),
        (smtplib.SMTPRecipientsRefused({"<anna@example.org>": (450, b"busy")}), GatewayError),
        (smtplib.SMTPServerDisconnected("gone"), GatewayError),
        (TimeoutError(), GatewayError),
    ],
)
def test_a_mail_server_refuses(settings, monkeypatch, failure, error):
    settings.MESSAGE_ROUTES = {"email": ["smtp"]}

    def refuse(self, letters):
        raise failure

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(GatewayError) as refused:
        routes.send(outgoing(channel=MessageChannel.EMAIL, address="anna@example.org"))
    assert type(refused.value) is error


def test_a_receipt_of_before_has_its_route_by_name():
    assert routes.reporting("smsru") is not None
    assert routes.reporting("http") is None
    assert Receipt("", timezone.now()).state == ReceiptState.ACCEPTED

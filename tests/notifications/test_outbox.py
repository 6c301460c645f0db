"""A message is sent once, or stays in sight as not delivered (T17); one out of date is not sent at all."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from notifications import rendering, texts
from notifications.actions import outbox
from notifications.choices import MessageChannel, MessageState, ReceiptState
from notifications.gateways import ConsoleGateway, GatewayError, Outgoing, Receipt, gateway
from notifications.models import Message

pytestmark = pytest.mark.django_db
PHONE = "+79210001122"
TAKEN_AT = datetime(2026, 11, 27, 9, 0, tzinfo=ZoneInfo("UTC"))
BOOKED = texts.Booked(
    starts_at=datetime(2026, 12, 1, 14, 30, tzinfo=ZoneInfo("Europe/Moscow")),
    doctor="Белова Анна Сергеевна",
    address="Санкт-Петербург, ул. Лунная, д. 7",
    link="https://clinic.example.org/v/Zx9secret/",
    zone="Europe/Moscow",
)
WORDS = (
    "Вы записаны: во вторник 1 декабря, в 14:30, Белова Анна Сергеевна. Санкт-Петербург, ул. Лунная, д. 7. "
    "Отменить или перенести: https://clinic.example.org/v/Zx9secret/"
)


class Refusing:
    """A gateway whose provider is down."""

    def send(self, message):
        raise GatewayError("503")


class Collecting:
    sent: list[Outgoing] = []

    def send(self, message):
        self.sent.append(message)
        return Receipt(provider_id="a-17", accepted_at=TAKEN_AT, state=ReceiptState.DELIVERED)


@pytest.fixture
def provider(settings):
    def use(kind):
        settings.MESSAGE_GATEWAY = f"{__name__}.{kind.__name__}"
        gateway.cache_clear()

    Collecting.sent.clear()
    yield use
    gateway.cache_clear()


@pytest.fixture(params=[False, True], ids=["production", "demo"])
def kept(request, settings):
    """Tells whether secrets stay for a while after a message is sent."""
    settings.KEEP_SENT_SECRETS = request.param
    return request.param


def put(key="k", facts=BOOKED, *, hours=1):
    until = timezone.now() + timedelta(hours=hours)
    who = {"address": PHONE, "about": uuid4(), "patient": uuid4()}
    outbox.put(facts, **who, useful_until=until, dedupe_key=key)
    return Message.objects.get(dedupe_key=key)


def try_until_given_up():
    for _ in range(len(outbox.RETRY_AFTER) + 1):
        Message.objects.update(due_at=timezone.now())
        outbox.send_due()


def test_the_same_message_is_written_and_sent_once(provider):
    provider(Collecting)
    message = put()
    assert message == put()
    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    assert Collecting.sent == [Outgoing(message.pk, MessageChannel.SMS, PHONE, WORDS)]


def test_row_holds_facts_and_no_words():
    message = put()
    assert message.facts == {
        "starts_at": "2026-12-01T11:30:00+00:00",
        "doctor": BOOKED.doctor,
        "address": BOOKED.address,
        "zone": "Europe/Moscow",
    }
    assert (message.template, message.state, bool(message.sealed)) == ("booked", MessageState.QUEUED, True)
    assert message.about
    assert message.patient


def test_words_are_chosen_when_it_is_sent(provider, settings):
    provider(Collecting)
    put(facts=texts.CallUs())
    settings.CLINIC = settings.CLINIC | {"phone": "8 (812) 000-00-01"}
    outbox.send_due()
    assert "8 (812) 000-00-01" in Collecting.sent[0].text


def test_receipt_is_kept(provider):
    provider(Collecting)
    message = put()
    outbox.send_due()
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.SENT, TAKEN_AT)
    assert (message.provider_id, message.receipt) == ("a-17", ReceiptState.DELIVERED)


def test_console_takes_message_and_logs_no_words(caplog):
    caplog.set_level("INFO")
    receipt = ConsoleGateway().send(Outgoing(uuid4(), MessageChannel.SMS, PHONE, WORDS))
    assert (receipt.provider_id, receipt.state) == ("", ReceiptState.ACCEPTED)
    assert caplog.messages == [f"message of {len(WORDS)} characters to an address ending in 22"]


def test_a_refused_message_is_tried_again_and_then_shown(provider):
    provider(Refusing)
    message = put()
    try_until_given_up()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.FAILED, 4, "503")


def test_message_is_given_up_when_next_try_would_come_too_late(provider):
    """After the third refusal it would be tried again in half an hour."""
    provider(Refusing)
    message = put(hours=0.4)
    try_until_given_up()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.FAILED, 3, "503")


def test_a_sender_that_died_leaves_its_message_to_the_next(provider):
    provider(Collecting)
    message = put()
    Message.objects.update(state=MessageState.SENDING, leased_until=timezone.now() - timedelta(seconds=1))
    assert outbox.send_due() == 1
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_out_of_date_message_is_dropped(provider):
    provider(Collecting)
    message = put(hours=-0.01)
    assert (outbox.send_due(), outbox.send_due()) == (0, 0)
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.sealed) == (MessageState.DROPPED, None, "")
    assert Collecting.sent == []


def test_message_without_end_is_always_sent(provider):
    """Messages written before there was `useful_until` have no end."""
    provider(Collecting)
    message = put(facts=texts.CallUs())
    Message.objects.update(useful_until=None)
    assert outbox.send_due() == 1
    assert Collecting.sent[0].id == message.pk


@pytest.mark.parametrize(("taken", "state"), [(Collecting, MessageState.SENT), (Refusing, MessageState.FAILED)])
def test_secrets_are_wiped_when_nothing_is_left_to_send(provider, kept, taken, state):
    """In the demo they stay readable until the message is out of date."""
    provider(taken)
    message = put(facts=texts.Code(code="048213"), hours=24)
    try_until_given_up()
    message.refresh_from_db()
    assert (message.state, bool(message.sealed)) == (state, kept)
    assert ("048213" in rendering.to_show(message, secrets=True)) is kept
    assert "048213" not in rendering.to_show(message)
    Message.objects.update(useful_until=timezone.now())
    outbox.send_due()
    message.refresh_from_db()
    assert (message.state, message.sealed) == (state, "")
    words = rendering.to_show(message, secrets=True)
    assert words == "•••••• — код для записи в клинику «Медилуна». Никому его не сообщайте."


def test_secret_of_another_message_is_not_readable(provider):
    """A damaged message is in sight and holds up nobody."""
    provider(Collecting)
    first, second = put("1"), put("2")
    Message.objects.filter(pk=first.pk).update(sealed=second.sealed)
    assert outbox.send_due() == 1
    first.refresh_from_db()
    assert (first.state, first.last_error) == (MessageState.FAILED, "CiphertextDamaged")
    first.sealed = second.sealed
    assert rendering.to_show(first, secrets=True) == "•••"


def test_message_that_lost_fact_is_in_sight(provider):
    provider(Collecting)
    message = put()
    Message.objects.update(facts={})
    assert outbox.send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.FAILED, "FactMissing")
    assert rendering.to_show(message) == "•••"

"""A message is sent once, or stays in sight as not delivered (T17); one out of date is not sent at all."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from notifications import rendering, texts
from notifications.actions import outbox, sending
from notifications.choices import MessageChannel, MessageState, ReceiptState
from notifications.gateways.console import ConsoleGateway
from notifications.gateways.contract import AddressRefused, GatewayError, Outgoing, Receipt
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
    "Запись вт 1 декабря 14:30 Белова Анна Сергеевна, Санкт-Петербург, ул. Лунная, д. 7 "
    "https://clinic.example.org/v/Zx9secret/"
)


class Refusing:
    """A gateway whose provider is down."""

    def send(self, message):
        raise GatewayError("503")


class NoSuchNumber:
    def send(self, message):
        raise AddressRefused("no such number")


class Undelivering:
    """A provider that knows at once that the phone is not reached."""

    def send(self, message):
        return Receipt(provider_id="a-17", accepted_at=TAKEN_AT, state=ReceiptState.UNDELIVERED)


class Collecting:
    sent: list[Outgoing] = []

    def send(self, message):
        self.sent.append(message)
        return Receipt(provider_id="a-17", accepted_at=TAKEN_AT, state=ReceiptState.DELIVERED)


@pytest.fixture
def provider(settings):
    def use(kind):
        settings.MESSAGE_ROUTES = {"sms": [f"{__name__}.{kind.__name__}"]}

    Collecting.sent.clear()
    return use


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
    """Waits for each next try until there is none."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sending.send_due()
        while waiting := Message.objects.filter(state=MessageState.QUEUED).first():
            clock.move_to(waiting.due_at)
            sending.send_due()


def test_the_same_message_is_written_and_sent_once(provider):
    provider(Collecting)
    message = put()
    assert message == put()
    assert (sending.send_due(), sending.send_due()) == (1, 0)
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
    sending.send_due()
    assert "8 (812) 000-00-01" in Collecting.sent[0].text


def test_receipt_is_kept(provider):
    provider(Collecting)
    message = put()
    sending.send_due()
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
    assert (message.state, message.attempts, message.last_error) == (MessageState.FAILED, 8, "503")


def test_message_is_given_up_when_next_try_would_come_too_late(provider):
    """After the seventh refusal, 24 minutes after the first, it would be tried again in half an hour."""
    provider(Refusing)
    message = put(hours=0.5)
    try_until_given_up()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.FAILED, 7, "503")


@pytest.mark.parametrize(
    ("taken", "error", "receipt"), [(NoSuchNumber, "no such number", ""), (Undelivering, "undelivered", "undelivered")]
)
def test_an_address_that_takes_nothing_is_not_tried_again(provider, kept, taken, error, receipt):
    provider(taken)
    message = put(hours=24)
    sending.send_due()
    message.refresh_from_db()
    assert (message.state, message.attempts, bool(message.sealed)) == (MessageState.FAILED, 1, kept)
    assert (message.last_error, message.receipt, message.sent_at) == (error, receipt, None)


def test_a_message_to_nobody_is_in_sight_from_the_first(provider):
    provider(Collecting)
    until = timezone.now() + timedelta(hours=1)
    outbox.put(BOOKED, address="", about=uuid4(), patient=None, useful_until=until, dedupe_key="k")
    assert sending.send_due() == 0
    message = Message.objects.get()
    assert (message.state, message.last_error, message.sealed) == (MessageState.FAILED, outbox.NO_ADDRESS, "")


def test_what_is_withdrawn_is_not_sent(provider, kept):
    provider(Collecting)
    message, other = put("1"), put("2")
    outbox.withdraw(about=[message.about])
    assert sending.send_due() == 1
    assert [sent.id for sent in Collecting.sent] == [other.pk]
    message.refresh_from_db()
    assert (message.state, bool(message.sealed)) == (MessageState.DROPPED, kept)


@pytest.mark.parametrize(("then", "state"), [("refuses", MessageState.DROPPED), ("takes", MessageState.SENT)])
def test_what_is_withdrawn_while_it_is_sent_is_not_tried_again(provider, monkeypatch, kept, then, state):
    """What the provider takes in that moment has left."""
    provider(Collecting)
    message = put()

    def send(self, outgoing):
        outbox.withdraw(about=[message.about])
        if then == "refuses":
            raise GatewayError("503")
        return Receipt(provider_id="a-17", accepted_at=TAKEN_AT)

    monkeypatch.setattr(Collecting, "send", send)
    sending.send_due()
    message.refresh_from_db()
    assert (message.state, bool(message.sealed)) == (state, kept)


def test_what_is_withdrawn_while_another_is_sent_does_not_leave(provider, monkeypatch):
    """Both were claimed at once; the second is looked at again before it goes."""
    provider(Collecting)
    put("1")
    second = put("2")
    take = Collecting.send

    def send(self, outgoing):
        outbox.withdraw(about=[second.about])
        return take(self, outgoing)

    monkeypatch.setattr(Collecting, "send", send)
    assert sending.send_due() == 1


def test_what_a_person_has_told_is_noted_once(provider):
    provider(Refusing)
    message, other = put("1"), put("2")
    outbox.mark_told(about=message.about, at=TAKEN_AT)
    outbox.mark_told(about=message.about, at=TAKEN_AT + timedelta(hours=1))
    told = dict(Message.objects.values_list("pk", "told_at"))
    assert told == {message.pk: TAKEN_AT, other.pk: None}


def test_a_sender_that_died_leaves_its_message_to_the_next(provider):
    provider(Collecting)
    message = put()
    Message.objects.update(state=MessageState.SENDING, leased_until=timezone.now() - timedelta(seconds=1))
    assert sending.send_due() == 1
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_out_of_date_message_is_dropped(provider):
    provider(Collecting)
    message = put(hours=-0.01)
    assert (sending.send_due(), sending.send_due()) == (0, 0)
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.sealed) == (MessageState.DROPPED, None, "")
    assert Collecting.sent == []


def test_message_without_end_is_always_sent(provider):
    """Messages written before there was `useful_until` have no end."""
    provider(Collecting)
    message = put(facts=texts.CallUs())
    Message.objects.update(useful_until=None)
    assert sending.send_due() == 1
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
    sending.send_due()
    message.refresh_from_db()
    assert (message.state, message.sealed) == (state, "")
    words = rendering.to_show(message, secrets=True)
    assert words == "•••••• — код для записи в клинику «Медилуна». Никому его не сообщайте."


def test_secret_of_another_message_is_not_readable(provider):
    """A damaged message is in sight and holds up nobody."""
    provider(Collecting)
    first, second = put("1"), put("2")
    Message.objects.filter(pk=first.pk).update(sealed=second.sealed)
    assert sending.send_due() == 1
    first.refresh_from_db()
    assert (first.state, first.last_error) == (MessageState.FAILED, "CiphertextDamaged")
    first.sealed = second.sealed
    assert rendering.to_show(first, secrets=True) == "•••"


def test_message_that_lost_fact_is_in_sight(provider):
    provider(Collecting)
    message = put()
    Message.objects.update(facts={})
    assert sending.send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.FAILED, "FactMissing")
    assert rendering.to_show(message) == "•••"


def test_t18_a_message_on_which_we_fail_stops_no_other_and_is_given_up(phone, monkeypatch):
    poison, other = put(key="poison"), put(key="other")
    whole = rendering.to_send

    def to_send(message):
        if message.pk == poison.pk:
            raise ZeroDivisionError
        return whole(message)

    monkeypatch.setattr(rendering, "to_send", to_send)
    for _ in range(sending.TRIES):
        Message.objects.filter(state=MessageState.QUEUED).update(due_at=timezone.now())
        sending.send_due()
    poison.refresh_from_db()
    other.refresh_from_db()
    assert (other.state, other.attempts) == (MessageState.SENT, 1)
    assert (poison.state, poison.attempts, poison.last_error) == (
        MessageState.FAILED,
        sending.TRIES,
        "ZeroDivisionError",
    )

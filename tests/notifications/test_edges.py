"""The outbox and the codes at their edges: which message goes when, how often, and what is seen of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from celery import current_app
from django.utils import timezone, translation

from foundation.background import wakeups
from foundation.encryption import CiphertextDamaged
from notifications import rendering, texts
from notifications.actions import outbox, phone_codes, sending
from notifications.choices import MessageChannel, MessageState, ReceiptState
from notifications.errors import CodeExpired, CodeTooSoon, TooManyCodes, TooManyTries, WrongCode
from notifications.gateways.contract import GatewayError, Outgoing, Receipt
from notifications.models import Message, PhoneCode
from notifications.sealing import seal, unseal
from tests.messages import code_of

PHONE, OTHER = "+79210001122", "+79215554433"
MOMENT = timedelta(microseconds=1)


class Provider:
    """Refuses with the words that are waiting, then takes everything."""

    refusals: list[str] = []
    taken: list[Outgoing] = []

    def send(self, message):
        if self.refusals:
            raise GatewayError(self.refusals.pop(0))
        self.taken.append(message)
        return Receipt(provider_id="a" * 101, accepted_at=timezone.now())


@pytest.fixture
def provider(settings, db):
    settings.MESSAGE_ROUTES = {key: [f"{__name__}.Provider"] for key in ("sms", "email")}
    Provider.refusals.clear()
    Provider.taken.clear()
    return Provider


@pytest.fixture
def now():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def put(key="k", *, useful=timedelta(hours=9), **given):
    until = timezone.now() + useful
    given = {"address": PHONE, "about": uuid4(), "patient": None, "useful_until": until} | given
    outbox.put(texts.CallUs(), dedupe_key=key, **given)
    return Message.objects.get(dedupe_key=key)


@pytest.mark.parametrize(("early", "sent"), [(MOMENT, 0), (timedelta(0), 1)])
def test_a_message_goes_when_it_is_due(provider, now, early, sent):
    put(due_at=timezone.now() + early)
    assert sending.send_due() == sent


@pytest.mark.parametrize(("useful", "state"), [(MOMENT, MessageState.SENT), (timedelta(0), MessageState.DROPPED)])
def test_a_message_goes_while_it_is_of_use(provider, now, useful, state):
    message = put(useful=useful)
    sending.send_due()
    message.refresh_from_db()
    assert message.state == state


def test_what_is_due_first_goes_first(provider, now):
    moment = timezone.now()
    for key, before in (("2", 1), ("1", 2), ("3", 0)):
        put(key, address=f"+7921000000{key}", due_at=moment - timedelta(minutes=before))
    assert sending.send_due() == 3
    assert [message.address[-1] for message in provider.taken] == ["1", "2", "3"]


def test_more_than_a_batch_goes_in_one_run(provider, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    for key in "12345":
        put(key)
    assert sending.send_due() == 5


def test_the_ways_of_a_message_are_kept(provider):
    put(channel=MessageChannel.EMAIL, address="vera@example.org")
    sending.send_due()
    assert [(message.channel, message.address) for message in provider.taken] == [
        (MessageChannel.EMAIL, "vera@example.org")
    ]


def test_a_sent_message_shows_when_and_by_what_receipt(provider, now):
    message = put()
    provider.refusals.append("занято")
    sending.send_due()
    message.refresh_from_db()
    assert (message.state, message.last_error, message.attempts) == (MessageState.QUEUED, "занято", 1)
    now.shift(sending.RETRY_AFTER[0])
    sending.send_due()
    message.refresh_from_db()
    assert (message.state, message.last_error, message.attempts) == (MessageState.SENT, "", 2)
    assert (message.sent_at, message.receipt, message.provider_id) == (
        timezone.now(),
        ReceiptState.ACCEPTED,
        "a" * 100,
    )


def test_a_refused_message_waits_longer_each_time_while_it_is_of_use(provider, now):
    message, start = put(useful=timedelta(hours=9)), timezone.now()
    provider.refusals.extend(["занято"] * 30 + ["ж" * 201] * 30)
    waits = []
    sending.send_due()
    message.refresh_from_db()
    while message.state == MessageState.QUEUED:
        waits.append((message.due_at - timezone.now()).total_seconds())
        now.move_to(message.due_at - MOMENT)
        assert sending.send_due() == 0
        now.move_to(message.due_at)
        sending.send_due()
        message.refresh_from_db()
    assert waits == [10, 30, 60, 120, 300, 900, *[1800] * 17]
    assert (message.state, message.attempts, message.last_error) == (MessageState.FAILED, 24, "занято")
    assert message.failing_since == start
    assert timezone.now() < message.useful_until <= timezone.now() + sending.RETRY_AFTER[-1]


def test_a_long_refusal_is_cut(provider, now):
    message = put()
    provider.refusals.append("ж" * 201)
    sending.send_due()
    message.refresh_from_db()
    assert message.last_error == "ж" * 200


@pytest.mark.parametrize(("spare", "state"), [(timedelta(0), MessageState.FAILED), (MOMENT, MessageState.QUEUED)])
def test_no_try_is_left_when_the_next_one_would_come_too_late(provider, now, spare, state):
    provider.refusals.append("занято")
    message = put(useful=sending.RETRY_AFTER[0] + spare)
    sending.send_due()
    message.refresh_from_db()
    assert message.state == state


def test_a_message_without_an_end_is_tried_to_the_last(provider, now):
    message = put()
    Message.objects.update(useful_until=None)
    provider.refusals.append("занято")
    sending.send_due()
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED


@pytest.mark.parametrize(("before_end", "sent"), [(MOMENT, 0), (timedelta(0), 0), (-MOMENT, 1)])
def test_a_lease_keeps_other_senders_away_until_it_lapses(provider, now, before_end, sent):
    put()
    Message.objects.update(state=MessageState.SENDING, leased_until=timezone.now() + before_end)
    assert sending.send_due() == sent


def test_a_message_that_is_being_sent_is_leased(provider, now):
    message = put()
    seen = []
    monitored = Provider.send

    def send(self, outgoing):
        row = Message.objects.get()
        seen.append((row.state, row.leased_until - timezone.now(), row.attempts))
        return monitored(self, outgoing)

    Provider.send = send
    try:
        sending.send_due()
    finally:
        Provider.send = monitored
    assert seen == [(MessageState.SENDING, sending.LEASE, 1)]
    assert [outgoing.id for outgoing in provider.taken] == [message.pk]


@pytest.mark.django_db(transaction=True)
def test_a_message_that_was_put_goes_by_itself_also_without_a_broker(provider, monkeypatch):
    """Somebody is waiting for the code in it."""
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    message = put()
    assert wakeups.drain(seconds=30)
    message.refresh_from_db()
    assert (message.state, [sent.id for sent in provider.taken]) == (MessageState.SENT, [message.pk])


def test_secrets_are_for_one_message_alone():
    one, other = uuid4(), uuid4()
    sealed = seal({"code": "048213", "words": "с «ёлкой»"}, message=one)
    assert "048213" not in sealed
    assert unseal(sealed, message=one) == {"code": "048213", "words": "с «ёлкой»"}
    assert (seal({}, message=one), unseal("", message=one)) == ("", {})
    with pytest.raises(CiphertextDamaged):
        unseal(sealed, message=other)


@pytest.mark.django_db
def test_a_link_in_a_text_of_before_is_hidden_from_the_staff():
    put()
    message = Message.objects.get()
    words = "Вы записаны. Изменить: https://clinic.example.org/v/Zx9secret/"
    rendering.write(message, texts.AsWritten(words=words))
    message.sealed, message.facts = "", {"words": words}
    assert rendering.to_show(message) == "Вы записаны. Изменить: •••"
    assert rendering.to_show(message, secrets=True) == words


@pytest.mark.django_db
def test_a_message_is_in_the_patients_language_whatever_the_staff_reads():
    message = put()
    with translation.override("en"):
        assert rendering.to_send(message) == rendering.to_show(message)
        assert rendering.to_send(message).startswith("Не смогли дозвониться")


def sent(phone=PHONE):
    phone_codes.send(phone=phone)
    return code_of(phone)


def wrong(code):
    return "000000" if code != "000000" else "111111"


@pytest.mark.django_db
@pytest.mark.parametrize("then", ["used", "another"])
def test_d42_a_code_that_is_good_for_nothing_does_not_leave(provider, now, then):
    """It was used already, or a newer one has taken its place."""
    first = phone_codes.send(phone=PHONE)
    if then == "used":
        phone_codes.check(phone=PHONE, code=code_of(PHONE))
    else:
        now.shift(timedelta(minutes=2))
        phone_codes.send(phone=PHONE)
    assert sending.send_due() == (0 if then == "used" else 1)
    assert Message.objects.get(about=first.pk).state == MessageState.DROPPED


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "sent"), [(-MOMENT, 1), (timedelta(0), 0), (timedelta(minutes=3), 0)])
def test_d42_a_code_past_its_life_does_not_leave(provider, now, settings, late, sent):
    phone_codes.send(phone=PHONE)
    now.shift(timedelta(minutes=settings.CODE_MINUTES) + late)
    assert sending.send_due() == sent


def refusal(phone, code):
    try:
        phone_codes.check(phone=phone, code=code)
    except (CodeExpired, TooManyTries, WrongCode) as refused:
        return type(refused)
    return None


@pytest.mark.django_db
def test_a_code_has_six_digits_and_is_told_in_its_message(now, settings):
    row = phone_codes.send(phone=PHONE)
    code = code_of(PHONE)
    assert (len(code), code.isdecimal()) == (6, True)
    assert (row.phone, row.tries, row.used_at) == (PHONE, 0, None)
    assert row.expires_at == timezone.now() + timedelta(minutes=settings.CODE_MINUTES)


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "refused"), [(-MOMENT, None), (timedelta(0), CodeExpired)])
def test_a_code_is_good_until_it_expires(now, settings, late, refused):
    code = sent()
    now.shift(timedelta(minutes=settings.CODE_MINUTES) + late)
    assert refusal(PHONE, code) == refused


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "refused"), [(-MOMENT, None), (timedelta(0), CodeExpired)])
def test_a_code_is_good_again_for_a_minute(now, late, refused):
    code = sent()
    phone_codes.check(phone=PHONE, code=code)
    now.shift(phone_codes.GOOD_AGAIN + late)
    assert refusal(PHONE, code) == refused


@pytest.mark.django_db
def test_the_last_try_is_told_from_those_before(settings):
    settings.CODE_TRIES = 3
    code = sent()
    assert [refusal(PHONE, wrong(code)) for _try in range(4)] == [WrongCode, WrongCode, TooManyTries, TooManyTries]
    assert refusal(PHONE, code) == TooManyTries
    assert PhoneCode.objects.get().tries == 3


@pytest.mark.django_db
def test_the_right_code_may_be_the_last_try(settings):
    settings.CODE_TRIES = 3
    code = sent()
    assert [refusal(PHONE, each) for each in (wrong(code), wrong(code), code)] == [WrongCode, WrongCode, None]


@pytest.mark.django_db
def test_a_code_is_good_for_its_own_phone(now):
    mine, theirs = sent(), sent(OTHER)
    assert refusal(OTHER, mine) == (WrongCode if mine != theirs else None)
    assert refusal("+79990000000", mine) == CodeExpired
    assert refusal(PHONE, mine) is None


@pytest.mark.django_db
def test_one_code_a_pause_and_so_many_a_day(now, settings):
    settings.CODES_PER_DAY, settings.CODE_PAUSE_SECONDS = 2, 60
    first = timezone.now()
    sent()
    now.shift(timedelta(seconds=60) - MOMENT)
    with pytest.raises(CodeTooSoon):
        sent()
    sent(OTHER)
    now.shift(MOMENT)
    sent()
    now.move_to(first + timedelta(days=1) - MOMENT)
    with pytest.raises(TooManyCodes):
        sent()
    now.shift(MOMENT)
    sent()
    assert PhoneCode.objects.filter(phone=PHONE).count() == 3


@pytest.mark.django_db
def test_each_code_is_drawn_anew(now, settings):
    settings.CODES_PER_DAY = settings.CODES_PER_HOUR = 20
    codes = set()
    for _time in range(8):
        codes.add(sent())
        now.shift(timedelta(minutes=2))
    assert len(codes) > 4

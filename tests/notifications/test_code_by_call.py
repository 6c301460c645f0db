"""A code by a call, for those who get no SMS: the provider rings, and the end of its number is the code (T111)."""

import pytest
from django.test import Client
from django.urls import reverse

from notifications.actions import phone_codes, sending
from notifications.errors import CodeTooSoon, NoRouteForCodes, WrongCode
from notifications.gateways import routes
from notifications.gateways.contract import Ringing
from notifications.models import Message, PhoneCode
from scheduling.models import Appointment
from tests import factories as make
from tests.booking_site.conftest import ADULT
from tests.provider import serving

pytestmark = pytest.mark.django_db
PHONE, ANNA = "+79210001122", "site:anna"
CODE, AGAIN = reverse("site:code"), reverse("site:code_again")


@pytest.fixture
def provider(settings):
    with serving() as provider:
        settings.MESSAGE_ROUTES = {"sms": ["console"], "voice": ["smsru"]}
        settings.SMSRU_URL, settings.SMSRU_API_ID = provider.url, "key-17"
        settings.CODE_PAUSE_SECONDS = 0
        yield provider


def ring():
    phone_codes.send(phone=PHONE, asked_by=ANNA, by_call=True)


def check(code):
    phone_codes.check(phone=PHONE, code=code, asked_by=ANNA)


def test_the_end_of_the_number_is_the_code(provider):
    ring()
    assert sending.send_due() == 1
    assert provider.rings == [PHONE.lstrip("+")]
    message = Message.objects.get()
    assert (message.channel, message.state, message.route, message.provider_id) == ("voice", "sent", "smsru", "")
    with pytest.raises(WrongCode):
        check("1436")
    check("1435")


def test_before_it_rings_no_code_is_good(provider):
    ring()
    for code in ("1435", "••••••", ""):
        with pytest.raises(WrongCode):
            check(code)


def test_what_the_provider_does_not_do_is_tried_again_and_the_last_ring_counts(provider):
    ring()
    provider.whole = 201
    assert (sending.send_due(), Message.objects.get().state) == (0, "queued")
    provider.whole = 100
    Message.objects.update(due_at=PhoneCode.objects.get().created_at)
    assert sending.send_due() == 1
    check("1435")


def test_a_call_counts_among_the_codes_of_a_phone(provider, settings):
    settings.CODE_PAUSE_SECONDS = 60
    phone_codes.send(phone=PHONE, asked_by=ANNA)
    with pytest.raises(CodeTooSoon):
        ring()


def test_without_a_route_nobody_is_rung(settings):
    settings.MESSAGE_ROUTES = {"sms": ["console"]}
    with pytest.raises(NoRouteForCodes):
        ring()


def test_a_route_that_cannot_ring_is_passed_over(provider, settings):
    settings.MESSAGE_ROUTES = {"sms": ["console"], "voice": ["console", "smsru"]}
    assert [isinstance(routes.gateway(name), Ringing) for name in ("console", "smsru")] == [False, True]
    ring()
    sending.send_due()
    assert Message.objects.get().route == "smsru"


def test_what_is_no_code_is_none(provider, monkeypatch):
    monkeypatch.setattr("notifications.gateways.smsru.read", lambda _answer: {"status": "OK", "code": "<b>"})
    ring()
    assert (sending.send_due(), Message.objects.get().last_error) == (0, "no code")


def test_the_page_of_the_code_offers_a_call_and_takes_its_digits(provider):
    slot, client = make.slots_of(make.shift(make.doctor()))[0], Client()
    client.post(reverse("site:take"), {"slot": slot.pk, "service": slot.doctor.services.get().pk})
    client.post(reverse("site:details"), ADULT)
    page = client.get(CODE)
    assert (page.context["can_ring"], page.context["sent"].by_call) == (True, False)
    client.post(AGAIN, {"call": "1"})
    assert client.get(CODE).context["sent"].by_call
    sending.send_due()
    assert client.post(CODE, {"code": "14 35"}).status_code == 302
    assert Appointment.objects.get().starts_at == slot.starts_at


def test_a_clinic_without_such_a_route_offers_none(provider, settings):
    settings.MESSAGE_ROUTES = {"sms": ["console"]}
    slot, client = make.slots_of(make.shift(make.doctor()))[0], Client()
    client.post(reverse("site:take"), {"slot": slot.pk, "service": slot.doctor.services.get().pk})
    client.post(reverse("site:details"), ADULT)
    assert not client.get(CODE).context["can_ring"]

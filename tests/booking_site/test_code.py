"""The code from the SMS proves the phone, in the booking's own transaction (T52)."""

from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from notifications.models import Message, PhoneCode
from scheduling.actions import slots as slot_actions
from scheduling.models import Appointment, Slot
from tests import factories
from tests.booking_site.conftest import ADULT, PHONE, sent_code

DETAILS, CODE = reverse("site:details"), reverse("site:code")


def test_wrong_code(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)
    wrong = "000000" if sent_code() != "000000" else "111111"
    assert client.post(CODE, {"code": wrong}).status_code == 422
    assert PhoneCode.objects.get().tries == 1, "a refusal is no reason to forget the try"
    assert client.post(CODE, {"code": "12"}).status_code == 422
    assert not Appointment.objects.exists()
    assert not is_proved(client)


def is_proved(client):
    return "proved" in client.session["booking"]


def test_code_sent_a_moment_ago_stays_good(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)
    code = sent_code()
    assert client.post(DETAILS, ADULT).url == CODE
    assert sent_code() == code
    client.post(CODE, {"code": code})
    assert Appointment.objects.count() == 1


def test_a_booking_that_breaks_does_not_cost_the_code(client, take, slots, monkeypatch):
    take(slots[0])
    client.post(DETAILS, ADULT)
    code = sent_code()
    with monkeypatch.context() as broken:
        broken.setattr("patients.actions.consents.give", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.post(CODE, {"code": code})
    assert PhoneCode.objects.get().used_at is None
    assert not is_proved(client)
    assert client.post(CODE, {"code": code}).status_code == 302
    assert Appointment.objects.count() == 1


def test_a_phone_whose_turn_does_not_come_is_not_proved(client, take, slots, monkeypatch):
    take(slots[0])
    client.post(DETAILS, ADULT)
    code = sent_code()
    with monkeypatch.context() as busy:
        busy.setattr("notifications.actions.phone_codes.check", Mock(side_effect=too_late()))
        assert client.post(CODE, {"code": code}).status_code == 409
    assert not is_proved(client)
    assert client.post(CODE, {"code": code}).status_code == 302


def test_a_refused_time_costs_the_code_but_not_the_proof(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)
    Slot.objects.filter(pk=slots[0].pk).update(**slot_actions.NO_HOLD)
    factories.close(slots[0])
    assert client.post(CODE, {"code": sent_code()}).status_code == 409
    code = PhoneCode.objects.get()
    assert (code.used_at is not None, code.tries) == (True, 1)
    assert is_proved(client)


def test_a_refusal_stays_one_when_the_code_cannot_be_taken_after_it(client, take, slots, monkeypatch):
    take(slots[0])
    client.post(DETAILS, ADULT)
    Slot.objects.filter(pk=slots[0].pk).update(**slot_actions.NO_HOLD)
    factories.close(slots[0])
    checks = Mock(side_effect=[None, too_late()])
    monkeypatch.setattr("notifications.actions.phone_codes.check", checks)
    answer = client.post(CODE, {"code": sent_code()})
    assert (answer.status_code, checks.call_count) == (409, 2)
    assert is_proved(client)


def too_late():
    """What a lock that does not come looks like."""
    error = OperationalError()
    error.__cause__ = LockNotAvailable()
    return error


def test_no_code_is_asked_for_that_was_not_sent(client, take, slots):
    take(slots[0])
    client.post(reverse("site:extend"), ADULT)
    assert client.get(CODE).url == DETAILS
    assert client.post(reverse("site:code_again")).url == DETAILS
    assert client.post(DETAILS, ADULT).url == CODE
    assert client.get(CODE).status_code == 200


def test_a_proof_is_of_one_phone(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)
    client.post(CODE, {"code": sent_code()})
    take(slots[1])
    assert client.post(DETAILS, ADULT | {"phone": "8 (921) 000-11-33"}).url == CODE
    assert client.post(CODE, {"code": sent_code(PHONE)}).status_code == 422
    assert Appointment.objects.count() == 1


def test_a_code_is_good_after_more_time_was_asked_for(client, take, slots):
    """What is typed so far comes along, and is checked when it is needed."""
    take(slots[0])
    client.post(DETAILS, ADULT)
    client.post(reverse("site:extend"), ADULT)
    client.post(CODE, {"code": sent_code()})
    assert Appointment.objects.count() == 1


def test_the_demo_shows_the_code_on_the_page(client, take, slots, settings):
    settings.DEMO = True
    take(slots[0])
    client.post(DETAILS, ADULT)
    page = client.get(CODE)
    assert (page.context["sent"].shown, page.content.decode().count(sent_code())) == (sent_code(), 1)
    assert client.post(CODE, {"code": page.context["sent"].shown}).status_code == 302


def test_a_code_sent_to_another_phone_or_out_of_date_is_not_shown(client, take, slots, settings):
    settings.DEMO = True
    take(slots[0])
    client.post(DETAILS, ADULT)
    PhoneCode.objects.update(phone="+79210009999")
    assert client.get(CODE).context["sent"].shown == ""
    PhoneCode.objects.update(phone=PHONE)
    assert client.get(CODE).context["sent"].shown == sent_code()
    Message.objects.update(useful_until=timezone.now())
    assert client.get(CODE).context["sent"].shown == ""


def test_no_page_shows_a_code_outside_the_demo(client, take, slots, settings):
    settings.DEMO = False
    take(slots[0])
    client.post(DETAILS, ADULT)
    page = client.get(CODE)
    assert (page.context["sent"].shown, page.content.decode().count(sent_code())) == ("", 0)

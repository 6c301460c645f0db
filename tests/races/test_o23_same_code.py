"""O23: the right code sent thirty times at one moment leads to the one visit, thirty times."""

from functools import partial
from threading import Barrier

import pytest
from django.test import Client
from django.urls import reverse

from booking_site.flow import Flow
from notifications.models import PhoneCode
from notifications.queries import codes
from scheduling import links
from scheduling.models import Appointment
from tests import factories as make
from tests.booking_site.conftest import ADULT, sent_code
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PRESSES = 30
CODE = reverse("site:code")


@pytest.fixture
def browser(monkeypatch):
    """A visitor stands before the page of the code; every press has left before the first one is answered."""
    client, slot = Client(), make.slots_of(make.shift(make.doctor()))[0]
    client.post(reverse("site:take"), {"slot": slot.pk, "service": slot.doctor.services.get().pk})
    assert client.post(reverse("site:details"), ADULT).url == CODE
    unanswered = Barrier(PRESSES)
    monkeypatch.setattr(Flow, "has_proved", lambda flow, phone: unanswered.wait(30) < 0)
    return client


def press(browser, digits):
    twin = Client()
    twin.cookies.load({name: morsel.value for name, morsel in browser.cookies.items()})
    answer = twin.post(CODE, {"code": digits})
    return answer.status_code, answer.headers.get("Location", "")


def answers(browser):
    return run_at_once([partial(press, browser, sent_code())] * PRESSES).values


def test_all_lead_to_the_visit(browser):
    found = answers(browser)
    visit = Appointment.objects.get()
    assert found == [(302, reverse("site:visit", args=[links.token_for(visit.pk)]))] * PRESSES
    assert PhoneCode.objects.get().tries == 1


def test_control_where_each_press_cost_a_try_some_were_refused(browser, monkeypatch):
    once = "CASE WHEN used_at IS NOT NULL AND code_hash = ANY(%(hashes)s) THEN 0 ELSE 1 END"
    assert once in codes._TAKE
    monkeypatch.setattr(codes, "_TAKE", codes._TAKE.replace(once, "1"))
    assert {status for status, _where in answers(browser)} == {302, 422}

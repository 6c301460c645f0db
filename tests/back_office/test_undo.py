"""The last step of a person is undone from any page of the office (T97)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def grace(settings):
    settings.UNDO_SECONDS = 10


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as stopped:
        yield stopped


def cancel(client, visit, **headers):
    return client.post(
        reverse("office:appointment_cancel", args=[visit.pk]), {"reason": "clinic"}, headers=headers or None
    )


def press(client, visit, step="cancelled", **more):
    return client.post(reverse("office:undo"), {"visit": visit.pk, "step": step, **more})


def button(client, page="office:emergencies"):
    return 'data-undo="' in client.get(reverse(page)).content.decode()


def status():
    return Appointment.objects.get().status


def test_the_button_is_on_every_page_until_the_grace_is_over(sign_in, clock):
    visit, desk = make.appointment(), sign_in(Role.REGISTRAR)
    assert not button(desk)
    cancel(desk, visit)
    assert [button(desk, page) for page in ("office:emergencies", "office:day", "office:patients")] == [True] * 3
    clock.shift(timedelta(seconds=10))
    assert not button(desk)


def test_it_undoes_once_and_leads_back(sign_in, clock):
    visit, desk = make.appointment(), sign_in(Role.REGISTRAR)
    cancel(desk, visit)
    day = reverse("office:day")
    assert [press(desk, visit, back=day).url for _press in range(2)] == [day, day]
    assert (status(), button(desk)) == ("booked", False)
    assert press(desk, visit, back="https://example.org/").url == reverse("office:home")


def test_beside_the_grid_the_button_comes_with_the_answer(sign_in, clock):
    visit, desk = make.appointment(), sign_in(Role.REGISTRAR)
    drawn = desk.post(
        reverse("office:appointment_cancel", args=[visit.pk]), {"reason": "clinic"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert (drawn.count('hx-swap-oob="true"'), drawn.count('data-undo="10"')) == (1, 1)


def test_too_late_or_by_another_person_it_is_told(sign_in, clock, client):
    visit, desk = make.appointment(), sign_in(Role.REGISTRAR)
    cancel(desk, visit)
    clock.shift(timedelta(seconds=10))
    assert press(desk, visit).status_code == 409
    second = make.appointment()
    cancel(desk, second)
    other = sign_in(Role.REGISTRAR)
    assert not button(other), "nor does the next person at this computer see it"
    assert press(other, second).status_code == 409
    assert press(other, second, step="informed").status_code == 404


def test_k25_a_cancelled_visit_asks_why_and_is_offered_again(sign_in, settings):
    settings.UNDO_SECONDS = 0
    visit, desk = make.appointment(), sign_in(Role.REGISTRAR)
    address = reverse("office:appointment_cancel", args=[visit.pk])
    assert desk.post(address, {"reason": ""}).status_code == 422
    page = cancel(desk, visit)
    page = desk.get(page.url).content.decode()
    assert reverse("office:find_time") in page
    again = reverse("office:appointment_again", args=[visit.pk])
    assert again in page
    assert desk.post(again).status_code == 302
    assert status() == "booked"

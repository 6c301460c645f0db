"""The last step of a person is undone from any page of the office (T97)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Role
from scheduling.models import Appointment
from scheduling.queries.last_step import booking_undoable_until
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


def offers(answer):
    """Tells whether this answer gave the browser a step to undo."""
    return "undo" in answer.cookies


def test_a_step_that_is_only_pressed_again_is_offered_for_what_is_left_of_its_grace(sign_in, clock):
    visit, desk = make.appointment(), sign_in(Role.REGISTRAR)
    assert offers(cancel(desk, visit))
    clock.shift(timedelta(seconds=6))
    assert offers(cancel(desk, visit))
    assert 'data-undo="4"' in desk.get(reverse("office:emergencies")).content.decode()
    clock.shift(timedelta(seconds=4))
    assert not offers(cancel(desk, visit))
    assert not button(desk)


def test_a_step_after_which_something_came_is_not_offered(sign_in, clock):
    first, second = make.slots_of(make.shift(make.doctor(), days=3))[:2]
    visit, desk = make.appointment(first), sign_in(Role.REGISTRAR)

    def move():
        return desk.post(reverse("office:appointment_move", args=[visit.pk]), {"to": second.pk})

    assert [offers(move()) for _press in range(2)] == [True, True]
    booking.mark_informed(appointment=visit.pk, by=make.TEST)
    again = move()
    assert (again.status_code, offers(again)) == (302, False)


def test_a_booking_that_is_sent_again_is_offered_for_what_is_left_of_its_grace(clock):
    with_key = make.appointment(by=make.actor(Role.REGISTRAR))
    for shift, left in ((0, 10), (6, 4), (4, None)):
        clock.shift(timedelta(seconds=shift))
        until = booking_undoable_until(with_key, by=Actor(ref=with_key.created_by, name=""))
        assert (until and round((until - timezone.now()).total_seconds())) == left
        assert booking_undoable_until(with_key, by=make.TEST) is None


def test_a_booking_whose_visit_was_cancelled_meanwhile_is_not_offered(clock):
    by = make.actor(Role.REGISTRAR)
    made = make.appointment(by=by)
    cancelled = booking.cancel(appointment=made.pk, reason="clinic", by=by)
    assert booking_undoable_until(cancelled, by=by) is None

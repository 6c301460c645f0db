"""D33: a page of the booking is left open until its session has ended; nothing typed is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking_site import sealed_way
from booking_site.forms.code import CodeForm
from notifications.models import PhoneCode
from scheduling.models import Appointment
from tests import factories as make
from tests.booking_site.conftest import ADULT, sent_code

pytestmark = pytest.mark.django_db
DETAILS, CODE, TAKE = reverse("site:details"), reverse("site:code"), reverse("site:take")
BROWSER = {"Accept": "text/html"}
NIGHT = timedelta(hours=14)


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), days=3))


@pytest.fixture
def service(slots):
    return slots[0].doctor.services.get()


def page_at(client, page) -> dict[str, str]:
    """What the first form of the page sends without being seen."""
    html = client.get(page).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', html).group(1) for name in ("way", "slot")}


@pytest.fixture
def at_details(client, slots, service):
    client.post(TAKE, {"slot": slots[0].pk, "service": service.pk})
    return page_at(client, DETAILS)


@pytest.fixture
def at_code(client, at_details):
    client.post(DETAILS, ADULT | at_details)
    return page_at(client, CODE)


@pytest.fixture
def morning():
    """A browser that has nothing of the evening but the open page."""
    with time_machine.travel(timezone.now() + NIGHT):
        yield Client()


def typed(answer) -> dict:
    form = answer.context["form"]
    return {name: form[name].value() for name in ADULT}


def test_the_details_go_on_to_the_code(at_details, morning, slots):
    assert morning.post(DETAILS, ADULT | at_details).url == CODE
    assert morning.post(CODE, {"code": sent_code()}).status_code == 302
    assert Appointment.objects.get().starts_at == slots[0].starts_at


def test_a_session_that_is_lost_at_once_loses_no_hold(at_details, slots):
    assert Client().post(DETAILS, ADULT | at_details).url == CODE


def test_wrong_details_are_put_right_on_their_page(at_details, morning):
    answer = morning.post(DETAILS, ADULT | at_details | {"birth_date": "1.13"})
    assert (answer.status_code, typed(answer)) == (422, ADULT | {"birth_date": "1.13", "consent": True})


def test_another_time_is_chosen_and_what_was_typed_stays(at_details, morning, slots, service):
    make.appointment(slots[0])
    answer = morning.post(DETAILS, ADULT | at_details)
    assert (answer.status_code, answer.templates[0].name) == (409, "booking_site/taken.html")
    other = answer.context["times"][0].pk
    answer = morning.post(TAKE, {"slot": other, "service": service.pk, "finish": "1"}, follow=True)
    assert (answer.redirect_chain[-1][0], typed(answer)) == (DETAILS, ADULT)


def test_the_old_code_leads_to_a_new_one(at_code, morning, slots):
    old = sent_code()
    answer = morning.post(CODE, at_code | {"code": old})
    assert (answer.status_code, type(answer.context["form"])) == (422, CodeForm)
    assert (Appointment.objects.count(), PhoneCode.objects.count()) == (0, 1)
    assert morning.post(reverse("site:code_again"), at_code).url == CODE
    morning.post(CODE, at_code | {"code": sent_code()})
    assert Appointment.objects.get().starts_at == slots[0].starts_at


def test_more_time_asked_for_keeps_what_was_typed(at_details, morning, slots):
    assert morning.post(reverse("site:extend"), ADULT | at_details).url == DETAILS
    assert typed(morning.get(DETAILS)) == ADULT
    slots[0].refresh_from_db()
    assert slots[0].held_until is not None


def test_without_any_cookie_the_form_is_shown_again_and_nothing_is_held(at_details, morning, slots):
    browser = Client(enforce_csrf_checks=True)
    slots[0].refresh_from_db()
    before = slots[0].held_until
    answer = browser.post(DETAILS, ADULT | at_details, headers=BROWSER)
    shown = browser.get(answer.url, headers=BROWSER)
    assert (shown.status_code, typed(shown)) == (422, ADULT | {"consent": False})
    slots[0].refresh_from_db()
    assert (slots[0].held_until, PhoneCode.objects.count()) == (before, 0)


def test_a_visit_that_was_booked_is_not_begun_anew(client, at_code):
    client.post(CODE, at_code | {"code": sent_code()})
    assert client.post(DETAILS, ADULT | at_code).url.startswith("/v/")
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("spoil", [lambda way: way[:-4] + "AAA=", lambda way: "вздор", lambda way: ""])
def test_a_way_that_is_not_ours_leads_to_the_choice(at_details, morning, spoil):
    changed = at_details | {"way": spoil(at_details["way"])}
    assert morning.post(DETAILS, ADULT | changed).url == reverse("site:choose")


def test_a_way_is_good_for_three_days(at_details):
    with time_machine.travel(timezone.now() + sealed_way.GOOD_FOR):
        assert Client().post(DETAILS, ADULT | at_details).url == reverse("site:choose")


def test_nothing_of_it_can_be_read(at_code):
    assert "Орлова" not in at_code["way"]
    assert "proved" not in sealed_way.unseal(at_code["way"])


def test_back_to_a_time_that_was_refused_after_it_was_held(client, at_code, slots, service):
    """The verbs before the one that refused give the same as then, and the way of the visitor stays as it is."""
    client.post(CODE, at_code | {"code": sent_code()})
    again = {"slot": slots[3].pk, "service": service.pk}
    client.post(TAKE, again)
    client.post(DETAILS, ADULT)
    refused = client.post(TAKE, again | {"finish": "1"}, headers=BROWSER)
    before = dict(client.session["booking"])
    shown = client.get(refused.url, headers=BROWSER)
    assert (shown.status_code, shown.templates[1].name) == (409, "booking_site/already_booked.html")
    assert dict(client.session["booking"]) == before


@pytest.mark.parametrize("name", ["details", "extend", "code", "code_again", "once_more", "enough"])
def test_a_form_with_an_old_token_leads_to_a_page(name, at_code):
    browser = Client(enforce_csrf_checks=True)
    led = browser.post(reverse(f"site:{name}"), at_code, headers=BROWSER)
    assert browser.get(led.url, headers=BROWSER).status_code == 422

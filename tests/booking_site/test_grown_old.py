"""A form whose token is no longer good: the step is shown again with what was typed, and nothing is done."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import PhoneCode
from scheduling import links
from scheduling.models import Appointment
from tests import factories as make
from tests.booking_site.conftest import ADULT, sent_code
from waitlist.models import WaitlistRequest

pytestmark = pytest.mark.django_db
DETAILS, CODE = reverse("site:details"), reverse("site:code")


class Visitor:
    """A browser that sends the token of the page it has seen last, unless the page has grown old."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.token = ""

    def see(self, answer):
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())
        self.token = found.group(1) if found else self.token
        return answer

    def get(self, page):
        return self.see(self.client.get(page))

    def post(self, page, typed, **headers):
        return self.see(self.client.post(page, typed | {"csrfmiddlewaretoken": self.token}, headers=headers))

    def post_old(self, page, typed, **headers):
        """From a page that was drawn before somebody signed in."""
        return self.see(self.client.post(page, typed | {"csrfmiddlewaretoken": "a" * 64}, headers=headers))


@pytest.fixture
def visitor():
    return Visitor()


@pytest.fixture
def choice(slots, service):
    return {"slot": str(slots[0].pk), "service": str(service.pk)}


@pytest.fixture
def at_details(visitor, choice):
    visitor.client.cookies["csrftoken"] = visitor.token = "b" * 32
    assert visitor.post(reverse("site:take"), choice).url == DETAILS
    visitor.get(DETAILS)
    return visitor


def values(answer) -> dict:
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_details_are_shown_as_they_were_typed(at_details):
    answer = at_details.post_old(DETAILS, ADULT)
    assert answer.status_code == 422
    assert {name: values(answer)[name] for name in ADULT} == ADULT | {"consent": False}
    assert not PhoneCode.objects.exists()
    assert "typed" not in at_details.client.session["booking"]
    assert at_details.post(DETAILS, ADULT).url == CODE


def test_more_time_asked_for_keeps_what_was_typed(at_details):
    answer = at_details.post_old(reverse("site:extend"), ADULT)
    assert (answer.status_code, values(answer)["last_name"]) == (422, "Орлова")
    assert "typed" not in at_details.client.session["booking"]


def test_the_code_is_shown_as_it_was_typed(at_details):
    at_details.post(DETAILS, ADULT)
    at_details.get(CODE)
    code = sent_code()
    answer = at_details.post_old(CODE, {"code": code})
    assert (answer.status_code, values(answer)) == (422, {"code": code})
    assert (PhoneCode.objects.get().tries, Appointment.objects.count()) == (0, 0)
    again = at_details.post_old(reverse("site:code_again"), {})
    assert (again.status_code, PhoneCode.objects.count()) == (422, 1)
    at_details.post(CODE, {"code": code})
    assert Appointment.objects.count() == 1


def test_a_request_is_shown_as_it_was_typed(at_details, service):
    page = reverse("site:request", args=[service.specialty.slug])
    wishes = {"service": str(service.pk), "weekdays": ["1", "3"], "hours": "evening", "date_from": "1.13"}
    typed = ADULT | wishes
    answer = at_details.post_old(page, typed)
    assert answer.status_code == 422
    assert {name: values(answer)[name] for name in typed} == typed | {"consent": False}
    assert not WaitlistRequest.objects.exists()
    assert at_details.post(page, typed | {"date_from": ""}).url.startswith("/r/")


def test_a_time_is_chosen_once_more_on_its_page(at_details, choice, service):
    page = f"{reverse('site:specialty', args=[service.specialty.slug])}?service={service.pk}"
    assert at_details.post_old(reverse("site:take"), choice, referer=f"http://testserver{page}").url == page
    for elsewhere in ("https://example.org/book/x/", "javascript:x", "//example.org/", ""):
        answer = at_details.post_old(reverse("site:take"), choice, referer=elsewhere)
        assert answer.url == reverse("site:choose")


def test_a_visit_is_neither_moved_nor_cancelled(at_details, slots):
    visit = make.appointment(slots[1])
    token = links.token_of(visit)
    moved = at_details.post_old(reverse("site:visit_move", args=[token]), {"slot": slots[2].pk})
    assert (moved.status_code, moved.context["slot"]) == (422, slots[2])
    cancelled = at_details.post_old(reverse("site:visit_cancel", args=[token]), {})
    assert (cancelled.status_code, cancelled.templates[0].name) == (422, "booking_site/visit_cancel.html")
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at) == ("booked", slots[1].starts_at)


def test_a_browser_without_the_cookie_gets_one(visitor, service):
    page = reverse("site:request", args=[service.specialty.slug])
    answer = visitor.post_old(page, ADULT)
    assert (answer.status_code, values(answer)["last_name"]) == (422, "Орлова")
    assert visitor.post(page, ADULT).status_code == 302


def test_nothing_is_repeated_of_a_form_from_elsewhere(at_details):
    for origin in ("https://elsewhere.example.org", "null"):
        answer = at_details.post(DETAILS, ADULT, origin=origin)
        assert (answer.status_code, "Орлова" in answer.content.decode()) == (403, False)


def test_the_office_says_that_nothing_was_saved(at_details):
    answer = at_details.post_old(reverse("account_login"), {"login": "вера"})
    assert (answer.status_code, answer.templates[0].name) == (403, "403_csrf.html")

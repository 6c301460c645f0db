"""D34, D35: what becomes of a form that nobody may act upon, or that a verb refuses."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from clinic.owners import COOKIE
from foundation.accounts.choices import Role
from foundation.drafts.models import Draft
from patients.models import Patient
from scheduling.models import EmergencyCase
from tests import factories as make
from tests.clinic.sent_forms import forms_of

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NEW, SIGN_IN = reverse("office:patient_new"), reverse("account_login")
PERSON = {"last_name": "Луговая", "first_name": "Вера", "birth_date": "17.05.1990", "phone": "8 921 777 00 01"}
PASSWORD = "parol-12345"


class Browser:
    """A browser that asks for pages, sends the page it comes from, and has one tab open since before a sign-in."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.at = ""

    def get(self, address):
        self.at = address
        return self.see(self.client.get(address, headers=BROWSER))

    def post(self, address, sent, **headers):
        answer = self.client.post(address, sent, headers=BROWSER | {"Referer": f"http://testserver{self.at}"} | headers)
        return self.see(answer)

    def see(self, answer):
        html = answer.content.decode()
        token = next((form.hidden["csrfmiddlewaretoken"] for form in forms_of(html, at="/")), None)
        self.token = token or self.token
        return answer

    token = ""

    def press(self, address, sent):
        return self.post(address, sent | {"csrfmiddlewaretoken": self.token})

    def press_old(self, address, sent):
        return self.post(address, sent | {"csrfmiddlewaretoken": "a" * 64})

    def sign_in(self, user, then=None):
        self.get(then or SIGN_IN)
        return self.press(then or SIGN_IN, {"login": user.username, "password": PASSWORD})

    def lose_session(self):
        del self.client.cookies["sessionid"]


@pytest.fixture
def anna(registrar):
    browser = Browser()
    browser.user = registrar
    assert browser.sign_in(registrar).status_code == 302
    browser.get(NEW)
    return browser


def typed(answer) -> dict:
    form = answer.context["form"]
    return {name: form[name].value() for name in PERSON}


def test_a_form_with_an_old_token_is_shown_and_nothing_is_done(anna):
    led = anna.press_old(NEW, PERSON)
    assert (led.status_code, Patient.objects.count()) == (302, 0)
    shown = anna.get(led.url)
    assert (shown.status_code, typed(shown), Patient.objects.count()) == (422, PERSON, 0)
    done = anna.press(NEW, PERSON)
    assert (done.status_code, Patient.objects.count(), Draft.objects.count()) == (302, 1, 0)


def test_a_form_from_elsewhere_is_not_kept(anna):
    for origin in ("https://elsewhere.example.org", "null"):
        assert anna.post(NEW, PERSON, Origin=origin).status_code == 403
    assert not Draft.objects.exists()


def test_the_session_has_ended(anna):
    anna.lose_session()
    led = anna.press(NEW, PERSON)
    assert (led.status_code, led.url.split("?")[0], Patient.objects.count()) == (302, SIGN_IN, 0)
    back = anna.sign_in(anna.user, then=led.url)
    assert (typed(anna.get(back.url)), Patient.objects.count()) == (PERSON, 0)
    anna.press(NEW, PERSON)
    assert Patient.objects.count() == 1


def test_the_session_has_ended_and_the_token_with_it(anna):
    anna.lose_session()
    sign_in = anna.get(anna.press_old(NEW, PERSON).url).url
    back = anna.sign_in(anna.user, then=sign_in)
    assert (typed(anna.get(back.url)), Patient.objects.count()) == (PERSON, 0)


def test_somebody_else_signs_in_instead(anna):
    anna.lose_session()
    led = anna.press(NEW, PERSON)
    back = anna.sign_in(make.user(Role.REGISTRAR), then=led.url)
    empty = anna.get(back.url)
    assert (empty.status_code, empty.url) == (302, NEW)
    anna.lose_session()
    back = anna.sign_in(anna.user, then=led.url)
    assert typed(anna.get(back.url)) == PERSON


def test_a_stranger_keeps_nothing():
    stranger = Browser()
    stranger.get(SIGN_IN)
    led = stranger.press(NEW, PERSON)
    assert (led.status_code, Draft.objects.count()) == (302, 0)
    assert (stranger.press_old(NEW, PERSON).status_code, Draft.objects.count()) == (403, 0)


@pytest.mark.parametrize("spoil", [lambda value: value[:-2] + "xx", lambda value: "staff:1"])
def test_nobody_writes_themselves_an_owner(anna, spoil):
    anna.client.cookies[COOKIE] = spoil(anna.client.cookies[COOKIE].value)
    anna.lose_session()
    anna.press(NEW, PERSON)
    assert not Draft.objects.exists()


def test_who_has_not_the_right_sees_no_form(anna):
    anna.lose_session()
    led = anna.press(NEW, PERSON)
    anna.user.role = Role.DOCTOR
    anna.user.save()
    assert anna.get(anna.sign_in(anna.user, then=led.url).url).status_code == 403


def test_a_refused_form_has_an_address_to_come_back_to(anna):
    wrong = PERSON | {"birth_date": "32.13.1990"}
    led = anna.press(NEW, wrong)
    first, second = anna.get(led.url), anna.get(led.url)
    assert [(page.status_code, typed(page)) for page in (first, second)] == [(422, wrong), (422, wrong)]
    assert "Ничего" not in first.content.decode().split("<main")[1].split("<form")[0]


def test_a_verbs_refusal_comes_back_with_the_form(anna):
    make.patient(last_name="Луговая", first_name="Вера", birth_date=date(1990, 5, 17))
    anna.get(NEW)
    shown = anna.get(anna.press(NEW, PERSON).url)
    assert (shown.status_code, typed(shown), len(shown.context["doubles"])) == (422, PERSON, 1)


def test_a_program_is_answered_at_once(sign_in):
    answer = sign_in(Role.REGISTRAR).post(NEW, PERSON | {"birth_date": ""})
    assert (answer.status_code, Draft.objects.count()) == (422, 0)


def test_a_step_is_one_press_away(anna):
    anna.get(reverse("office:emergencies"))
    shown = anna.get(anna.press_old(reverse("office:emergency_open"), {"urgency": "urgent"}).url)
    form = next(form for form in forms_of(shown.content.decode(), at="/") if "urgency" in form.hidden)
    assert (form.path, EmergencyCase.objects.count()) == (reverse("office:emergency_open"), 0)
    anna.press(form.action, form.hidden)
    assert EmergencyCase.objects.get().urgency == "urgent"


def test_a_password_is_never_kept(anna):
    page = reverse("account_change_password")
    led = anna.press_old(page, {"oldpassword": PASSWORD, "password1": "x", "password2": "x"})
    assert (led.status_code, led.url, Draft.objects.count()) == (302, page, 0)


def test_a_sign_in_page_that_has_grown_old_is_opened_anew():
    browser = Browser()
    browser.get(SIGN_IN)
    assert browser.press_old(SIGN_IN, {"login": "x", "password": "y"}).url == SIGN_IN


def test_a_draft_is_shown_at_its_own_address_alone(anna):
    query = anna.press_old(NEW, PERSON).url.split("?")[1]
    elsewhere = reverse("office:patients")
    assert anna.get(f"{elsewhere}?{query}").url == elsewhere


def test_an_address_that_names_no_draft_is_a_page(anna):
    for text in ("вздор", "00000000-0000-7000-8000-000000000000"):
        answer = anna.client.get(f"{NEW}?draft={text}", headers=BROWSER, follow=True)
        assert (answer.status_code, typed(answer)["last_name"]) == (200, None)


def test_a_part_of_a_page_loads_the_page_anew(anna):
    answer = anna.post(reverse("office:patient_doubles"), PERSON, **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (403, "true")


@pytest.fixture
def head():
    browser = Browser()
    browser.user = make.user(Role.HEAD)
    browser.sign_in(browser.user)
    return browser


def test_reference_data_is_kept_too(head):
    place = make.doctor().room.location
    page = reverse("admin:scheduling_location_change", args=[place.pk])
    form = next(form for form in forms_of(head.get(page).content.decode(), at=page) if "name" in form.typed)
    sent = form.sent() | {"name": ["Филиал на Лунной"]}
    shown = head.get(head.press_old(page, sent).url)
    again = next(form for form in forms_of(shown.content.decode(), at=page) if "name" in form.typed)
    assert again.typed["name"] == ["Филиал на Лунной"]
    place.refresh_from_db()
    assert place.name != "Филиал на Лунной"
    head.press(page, again.sent())
    place.refresh_from_db()
    assert place.name == "Филиал на Лунной"
    wrong = head.press(page, again.sent() | {"name": [""]})
    assert head.get(wrong.url).status_code == 200


def test_a_question_of_reference_data_is_one_press_away(head):
    room = make.doctor().room
    page = reverse("admin:scheduling_room_delete", args=[room.pk])
    shown = head.get(head.press_old(page, {"post": "yes"}).url)
    assert [form.hidden.get("post") for form in forms_of(shown.content.decode(), at=page) if form.path == page] == [
        "yes"
    ]
    room.refresh_from_db()


def test_the_way_out_leads_to_the_sign_in_and_keeps_nothing(anna):
    assert anna.press(reverse("account_logout"), {}).url == SIGN_IN
    assert not Draft.objects.exists()


def test_a_form_that_is_only_to_be_kept_is_not_done(anna):
    kept = anna.press(f"{NEW}?draft=keep", PERSON)
    assert (typed(anna.get(kept.url)), Patient.objects.count()) == (PERSON, 0)
    too_long = anna.press(f"{NEW}?draft=keep", PERSON | {"note": "й" * 40_000})
    assert (too_long.url, Patient.objects.count()) == (NEW, 0)
    program = anna.client.post(f"{NEW}?draft=keep", PERSON | {"csrfmiddlewaretoken": anna.token})
    assert (program.url, Patient.objects.count()) == (NEW, 0)

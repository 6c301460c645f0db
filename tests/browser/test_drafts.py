"""D33–D35 in a real browser: nothing typed is lost, and Back and Forward work after a form was refused."""

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from patients.models import Patient
from scheduling.models import EmergencyCase
from tests import factories as make

PERSON = {"last_name": "Луговая", "first_name": "Вера", "birth_date": "17.05.1990", "phone": "8 921 777 00 01"}
PASSWORD = "parol-12345"
NEW = "office:patient_new"


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def desk(people, request):
    person = people(java_script_enabled=request.param)
    person.user = make.user(Role.REGISTRAR)
    return person.sign_in(person.user.username, PASSWORD)


@pytest.fixture
def doctor(transactional_db):
    made = make.doctor(make.service(make.specialty()))
    make.shift(made)
    return made


def typed(page) -> dict[str, str]:
    return {name: page.locator(f"main [name={name}]").first.input_value() for name in PERSON}


def in_second_tab(person, user):
    """Signs out and in again in another tab of the same browser."""
    tab = person.page.context.new_page()
    tab.goto(person.base + reverse("account_logout"))
    tab.locator("main button[type=submit]").click()
    tab.wait_for_url("**/sign-in/**")
    tab.locator("[name=login]").fill(user.username)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.get_by_role("button", name="Войти").click()
    tab.locator("details.usermenu").wait_for()
    tab.close()


def test_back_and_forward_after_a_form_was_refused(desk):
    desk.open(reverse(NEW)).fill(**PERSON | {"birth_date": "32.13.1990"}).submit()
    wrong = typed(desk.page)
    assert wrong == PERSON | {"birth_date": "32.13.1990"}
    desk.open(reverse("office:patients"))
    desk.page.go_back()
    assert typed(desk.page) == wrong
    desk.page.go_forward()
    desk.page.go_back()
    desk.look().fill(birth_date=PERSON["birth_date"]).submit()
    assert Patient.objects.get().last_name == "Луговая"


def test_a_form_after_a_sign_in_in_another_tab(desk):
    desk.open(reverse(NEW)).fill(**PERSON)
    in_second_tab(desk, desk.user)
    desk.submit()
    assert (typed(desk.page), Patient.objects.count()) == (PERSON, 0)
    desk.submit()
    assert Patient.objects.get().last_name == "Луговая"


def lunch(person):
    person.page.context.clear_cookies(name="sessionid")


def test_a_form_after_the_session_has_ended(desk):
    desk.open(reverse(NEW)).fill(**PERSON)
    lunch(desk)
    desk.submit()
    desk.fill(login=desk.user.username, password=PASSWORD).press("Войти")
    assert (typed(desk.page), Patient.objects.count()) == (PERSON, 0)
    desk.submit()
    assert Patient.objects.get().last_name == "Луговая"


def test_nobody_else_sees_it(desk):
    desk.open(reverse(NEW)).fill(**PERSON)
    lunch(desk)
    desk.submit()
    desk.fill(login=make.user(Role.REGISTRAR).username, password=PASSWORD).press("Войти")
    assert set(typed(desk.page).values()) == {""}


def test_after_the_sign_out_back_shows_nobody(desk):
    desk.open(reverse(NEW)).fill(**PERSON | {"birth_date": ""}).submit()
    desk.open(reverse("account_logout")).submit()
    for _step in range(4):
        desk.page.go_back()
        assert "Луговая" not in desk.page.content()


@pytest.fixture
def scripts(people):
    person = people()
    person.user = make.user(Role.REGISTRAR)
    return person.sign_in(person.user.username, PASSWORD)


TYPE = """person => {
  const fields = Object.entries(person).map(([name, value]) => [document.querySelector(`main [name=${name}]`), value]);
  for (const [field, value] of fields) {
    field.value = value;
    field.dispatchEvent(new Event("input", {bubbles: true}));
  }
  fields.at(-1)[0].dispatchEvent(new Event("change", {bubbles: true}));
}"""
"""Types all fields before the page can ask anything: the first answer sends it to the sign-in."""


def test_a_page_that_has_to_be_loaded_anew_keeps_what_is_being_typed(scripts):
    """The search for doubles finds out that the session has ended, while the form is still being typed."""
    scripts.open(reverse(NEW))
    lunch(scripts)
    scripts.page.evaluate(TYPE, PERSON)
    scripts.page.wait_for_url("**/office/sign-in/**")
    scripts.fill(login=scripts.user.username, password=PASSWORD).press("Войти")
    assert (typed(scripts.page), Patient.objects.count()) == (PERSON, 0)


def test_an_emergency_after_a_sign_in_in_another_tab_is_one_press_away(scripts):
    scripts.open(reverse("office:patients"))
    in_second_tab(scripts, scripts.user)
    scripts.page.keyboard.press("F9")
    scripts.sees("Ещё не отправлено").look()
    assert EmergencyCase.objects.count() == 0
    scripts.submit()
    assert EmergencyCase.objects.count() == 1


def test_a_visitor_of_the_site(people, doctor):
    """The page is left until the session has ended; with a wrong date Back works too."""
    patient = people(java_script_enabled=False).open("/").follow("Дерматология").press("09:00")
    who = PERSON | {"birth_date": "32.13.1990"}
    patient.page.locator("[name=who][value=self]").check()
    patient.fill(**who)
    patient.page.locator("[name=consent]").check()
    lunch(patient)
    patient.submit()
    assert typed(patient.page) == who
    patient.open("/")
    patient.page.go_back()
    assert typed(patient.page) == who
    patient.fill(birth_date=PERSON["birth_date"]).submit()
    patient.sees("Введите код")

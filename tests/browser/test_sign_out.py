"""After the sign-out nothing of a patient is left in the browser: not in its storage, not in other tabs."""

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from tests import factories as make

PASSWORD, NAME = "parol-12345", "Незабудкина"
STORED = "JSON.stringify([{...sessionStorage}, {...localStorage}])"


@pytest.fixture
def operator(people):
    return people().sign_in(make.user(Role.OPERATOR).username, PASSWORD)


def wishes_changed(operator):
    """Changes what the caller wishes, by which the page renews itself and its address."""
    patient, specialty = make.patient(last_name=NAME), make.specialty()
    make.shift(make.doctor(make.service(specialty)))
    operator.page.goto(f"{operator.base}{reverse('office:caller_wishes', args=[patient.pk])}")
    operator.page.keyboard.press("F10")
    return lambda: operator.page.locator("[name=specialty]").first.select_option(str(specialty.pk))


def test_a_page_that_renews_itself_is_not_stored(operator):
    change = wishes_changed(operator)
    change()
    operator.page.wait_for_url("**specialty=*")
    stored = operator.page.evaluate(STORED)
    assert ("htmx-history-cache" in stored, NAME in stored) == (False, False)


def test_control_htmx_stores_it_unless_it_is_told(operator):
    change = wishes_changed(operator)
    operator.page.evaluate("htmx.config.historyCacheSize = 10")
    change()
    operator.page.wait_for_url("**specialty=*")
    assert NAME in operator.page.evaluate(STORED)
    operator.open(reverse("account_logout")).submit()
    assert operator.page.evaluate(STORED) == "[{},{}]"


def test_another_tab_goes_to_the_sign_in_by_itself(operator):
    wishes_changed(operator)
    assert NAME in operator.page.content()
    tab = operator.page.context.new_page()
    tab.goto(operator.base + reverse("account_logout"))
    tab.locator("main button[type=submit]").click()
    operator.page.wait_for_url("**/office/sign-in/**")
    assert NAME not in operator.page.content()

"""What was probably meant is one tick away beside its field, with scripts and without them."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from foundation.accounts.choices import Role
from patients.models import Patient
from tests import factories as make

WHOLE = "Вознесенская-Добролюбова Екатерина Константиновна"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_tick_mends_the_surname_and_the_phone(people, scripts):
    desk = people(java_script_enabled=scripts)
    desk.page.set_viewport_size({"width": 320, "height": 700})
    desk.sign_in(make.user(Role.REGISTRAR).username, "parol-12345").open("/office/patients/new/")
    desk.fill(last_name=WHOLE, first_name="Екатерина", patronymic="Константиновна")
    desk.fill(birth_date="5 марта 1985", phone="317-78-21").submit()
    assert Patient.objects.count() == 0
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth") if scripts else True
    desk.page.get_by_label("Да, это Вознесенская-Добролюбова", exact=True).check()
    desk.page.get_by_label("Да, это 8 812 317-78-21").check()
    desk.submit()
    made = Patient.objects.get()
    assert made.full_name == WHOLE
    assert (made.phone.as_e164, f"{made.birth_date}") == ("+78123177821", "1985-03-05")


def test_what_is_typed_for_the_waitlist_stays_while_a_wish_is_changed(transactional_db, people):
    """The number came from a refused form, the note not yet from any."""
    specialty, patient = make.specialty(), make.patient(phone="")
    phone = people().sign_in(make.user(Role.OPERATOR).username, "parol-12345")
    phone.open(f"{reverse('office:caller_wishes', args=[patient.pk])}?specialty={specialty.pk}")
    fields = phone.page.locator("[name=reach-phone]"), phone.page.locator("[name=note]")
    fields[0].fill("12")
    with phone.page.expect_navigation():
        fields[0].press("Enter")
    fields[0].fill("8 921 000-11-22")
    fields[1].fill("спросить внука")
    phone.page.keyboard.press("F10")
    with phone.page.expect_response(lambda response: "weekdays=" in response.url):
        phone.page.locator("[name=weekdays]").first.check()
    phone.page.wait_for_url("**weekdays=**")
    expect(fields[0]).to_have_value("8 921 000-11-22")
    expect(fields[1]).to_have_value("спросить внука")
    phone.look()

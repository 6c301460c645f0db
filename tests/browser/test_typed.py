"""What was probably meant is one tick away beside its field, with scripts and without them."""

import pytest

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

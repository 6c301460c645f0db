"""The last step is undone by its key with scripts, and by its button without; the bar is whole on 320 pixels."""

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from scheduling.models import Appointment
from tests import factories as make
from tests.browser.walk import Walk

pytestmark = pytest.mark.browser
LONG = {"last_name": "Константинопольская-Милорадович", "first_name": "Александра", "patronymic": "Владиславовна"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_cancellation_is_undone_from_another_page(transactional_db, people, settings, scripts):
    settings.UNDO_SECONDS = 300
    visit = make.appointment(of=make.patient(**LONG))
    person = people(java_script_enabled=scripts)
    person.sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    page = person.page
    page.goto(person.base + reverse("office:appointment", args=[visit.pk]))
    form = page.locator(f'form[action="{reverse("office:appointment_cancel", args=[visit.pk])}"]')
    page.locator("details", has=form).locator("summary").click()
    form.locator("[name=reason]").select_option("clinic")
    with page.expect_navigation():
        form.get_by_role("button").click()
    assert Appointment.objects.get().status == "cancelled"
    walk = Walk(person)
    if scripts:
        walk.to("office:appointment", visit.pk).to("office:emergencies")
    else:
        page.goto(person.base + reverse("office:emergencies"))
    with page.expect_navigation():
        page.keyboard.press("Control+z") if scripts else page.locator("#undo button").click()
    assert (Appointment.objects.get().status, walk.problems) == ("booked", [])
    assert page.url.endswith(reverse("office:emergencies"))
    assert page.locator("#undo button").count() == 0

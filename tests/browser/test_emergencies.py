"""An emergency is told to every open page, and leaves the page it interrupts as it is."""

import booking
from foundation.accounts.choices import Role
from scheduling.models import EmergencyCase
from tests import factories as make


def test_k20_open_pages_ring_until_somebody_takes_the_case(transactional_db, people):
    """The day rides on its own renewal, the waitlist asks by itself; F9 leaves what is typed."""
    registrar, operator = people(), people()
    for person, role, page in ((registrar, Role.REGISTRAR, "day"), (operator, Role.OPERATOR, "caller/new")):
        person.sign_in(make.user(role).username, "parol-12345")
        person.open(f"/office/{page}/")
    operator.page.locator("main [name=last_name]").fill("Недописан")
    key = operator.page.locator("#emergency-key input").input_value()
    operator.page.keyboard.press("F9")
    operator.page.locator("#alarm .alarm").wait_for()
    operator.look()
    assert operator.page.locator("#emergency-key input").input_value() != key
    assert operator.page.locator("main [name=last_name]").input_value() == "Недописан"
    registrar.page.locator("#alarm .alarm").wait_for()
    registrar.look()
    booking.take_emergency(case=EmergencyCase.objects.get().pk, by=make.TEST)
    for person in (registrar, operator):
        person.page.locator("#alarm .alarm").wait_for(state="detached")
    assert operator.page.locator("main [name=last_name]").input_value() == "Недописан"


def test_k20_a_bar_that_cannot_be_asked_for_opens_the_case_all_the_same(transactional_db, people):
    """The negative control: the request of the script fails, and the form goes as without scripts."""
    person = people()
    person.sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    person.open("/office/waitlist/")
    person.page.route(
        "**/emergencies/open/",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )
    with person.page.expect_navigation():
        person.page.keyboard.press("F9")
    assert EmergencyCase.objects.count() == 1
    assert person.page.get_by_role("link", name="Назад, где вы были").get_attribute("href") == "/office/waitlist/"

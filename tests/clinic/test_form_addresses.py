"""D35: whoever opens the address of a form in a browser comes to a page."""

import pytest
from django.urls import resolve, reverse

from foundation.accounts.choices import ROLE_PERMISSIONS, Role
from scheduling.models import EmergencyCase
from tests import factories as make
from tests.clinic.test_second_press import reviewed
from tests.clinic.urls_walk import pages

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("site:take", "site:choose"),
        ("site:extend", "site:details"),
        ("site:code_again", "site:code"),
        ("site:enough", "site:choose"),
        ("site:once_more", "site:choose"),
        ("office:emergency_open", "office:emergencies"),
        ("office:hold", "office:home"),
        ("office:call_next", "office:calls"),
        ("office:call_finish", "office:call"),
        ("office:request_enter", "office:visitor"),
        ("office:appointment_cancel", "office:appointment"),
        ("office:rule_end", "office:rule_edit"),
        ("office:book_drop", "office:book"),
    ],
)
def test_the_address_of_a_form_leads_to_its_page(client, form, page):
    opened = {each.name: each.url for each in pages()}
    answer = client.get(f"{opened[form]}?who=1", headers=BROWSER)
    assert (answer.status_code, answer.url) == (302, opened[page])


def test_no_address_of_a_form_is_an_empty_page(client):
    """Not a single one, whoever opens it."""
    clients = {}
    for role in Role:
        clients[role] = type(client)()
        clients[role].force_login(make.user(role), backend="foundation.accounts.backend.StaffBackend")
    for page in (page for page in pages() if page.name in reviewed()):
        for role in Role:
            if page.rule == "public" or page.rule in ROLE_PERMISSIONS[role]:
                answer = clients[role].get(page.url, headers=BROWSER, follow=True)
                assert answer.status_code in (200, 403, 404), page
                assert answer.content, page


def test_a_program_is_told_that_only_forms_are_taken(client):
    answer = client.get(reverse("site:take"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_as_before(client, method):
    assert getattr(client, method)(reverse("site:take"), headers=BROWSER).status_code == 405


def test_opening_the_address_does_nothing(client, registrar):
    client.force_login(registrar, backend="foundation.accounts.backend.StaffBackend")
    answer = client.get(reverse("office:emergency_open"), headers=BROWSER)
    assert (resolve(answer.url).view_name, EmergencyCase.objects.count()) == ("office:emergencies", 0)

"""On a filled clinic each role is shown only links and buttons it may use, and Enter in a field presses no outcome.

Nor does any page break at what no link and no form of ours says.
"""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from foundation.accounts.choices import ROLE_PERMISSIONS, Role
from foundation.accounts.models import User
from foundation.idempotency.once import FIELD
from tests.clinic.demo_in_hand import begin_work
from tests.clinic.demo_walk import Form, Page, Seen, counts_once, first_pages, ids, rule_of, walk
from tests.standalone.test_demo import _empty

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def walks(django_db_setup, django_db_blocker):
    """Every page of every role, asked once for the whole file."""
    with django_db_blocker.unblock():
        call_command("demo", stdout=StringIO())
        try:
            begin_work()
            yield {role: list(walk(browser(role))) for role in Role}
        finally:
            _empty()


def browser(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(role=role), backend="foundation.accounts.backend.StaffBackend")
    client.post("/office/patients/", {"q": "а"})
    return client


def refused(page: Page, role: str) -> list[str]:
    """Links and forms of the page that this role may not use."""
    offered = [*page.seen.links, *(form.action for form in page.seen.forms)]
    rules = {link: rule_of(page.address(link)) for link in offered}
    return [link for link, rule in rules.items() if rule not in (None, "public", *ROLE_PERMISSIONS[role])]


@pytest.mark.parametrize("role", Role)
def test_no_link_leads_to_a_refusal(walks, role):
    assert len(walks[role]) > 10
    assert [page.url for page in walks[role] if page.status in (403, 404) or page.status >= 500] == []
    assert {page.url: refused(page, role) for page in walks[role] if refused(page, role)} == {}


def test_a_link_that_leads_to_a_refusal_is_noticed():
    html = '<a href="/office/schedule/"></a><form action="/office/hold/"></form>'
    page = Page("/office/day/", 200, html, Seen(html))
    assert refused(page, Role.REGISTRAR) == ["/office/schedule/"]
    assert refused(page, Role.SCHEDULE_ADMIN) == ["/office/hold/"]


def keyless(page: Page) -> list[str]:
    """Forms of the page that make something and have no key: a second press would count twice (T94)."""
    posted = [form for form in page.seen.forms if form.method == "post" and FIELD not in form.hidden]
    return [form.action for form in posted if counts_once(page.address(form.action))]


@pytest.mark.parametrize("role", Role)
def test_every_form_that_makes_something_has_a_key(walks, role):
    assert {page.url: keyless(page) for page in walks[role] if keyless(page)} == {}


def test_a_form_without_a_key_is_noticed():
    key, to = f'<input type="hidden" name="{FIELD}">', 'method="post" action="/office/emergencies/open/"'
    html = f'<form {to}></form><form {to}>{key}</form><form method="post"></form>'
    page = Page("/office/patients/new/", 200, html, Seen(html))
    assert keyless(page) == ["/office/emergencies/open/", ""]


KEEPS = "/office/emergencies/"
"""The first of the case's two buttons keeps what is typed and does nothing else."""


def chosen_by_enter(form: Form) -> bool:
    """Whether Enter in a field presses one of several buttons, an outcome, or one whose work cannot be undone."""
    if form.method != "post" or not form.fields or not form.buttons:
        return False
    first = form.buttons[0]
    if "disabled" in first or first.get("name") == "refresh":
        return False
    return len(form.buttons) > 1 or first.get("name") == "outcome" or "button--danger" in first.get("class", "")


@pytest.mark.parametrize("role", Role)
def test_enter_in_a_field_presses_no_outcome(walks, role):
    found = {form.action for page in walks[role] for form in page.seen.forms if chosen_by_enter(form)}
    assert [action for action in found if not action.startswith(KEEPS)] == []


def test_an_outcome_that_enter_would_press_is_noticed():
    field, danger = "<input name=note>", '<button class="button button--danger">'
    several = "<button name=outcome value=1></button><button name=outcome value=2></button>"
    one, inert = "<button name=outcome value=1></button>", "<input type=submit disabled hidden>"
    insides = (field + several, field + danger, field + one, field + inert + several, field + inert + one)
    forms = [f"<form method=post>{inside}</form>" for inside in insides]
    assert [chosen_by_enter(form) for form in Seen("".join(forms)).forms] == [True, True, True, False, False]


OPENED = {Role.OPERATOR: "office:call", Role.REGISTRAR: "office:rebooking_task", Role.HEAD: "office:rebooking_task"}


@pytest.mark.parametrize("role", Role)
def test_the_walk_sees_open_calls_and_the_emergency(walks, role):
    seen = {resolve(urlsplit(page.url).path).view_name for page in walks[role] if page.status == 200}
    assert {"office:emergency", OPENED.get(role, "office:emergency")} <= seen


@pytest.mark.parametrize("role", Role)
def test_a_digit_presses_a_button_of_an_opened_list_alone(walks, role):
    assert {page.url: page.seen.loose_digits for page in walks[role] if page.seen.loose_digits} == {}


def test_a_digit_that_presses_a_button_anywhere_is_noticed():
    in_list, outside = (
        '<div data-list="F3"><p><br></p><button data-key="1"></button></div>',
        '<button data-key="2"></button>',
    )
    assert Seen(f'{in_list}<a data-key="3"></a>{outside}').loose_digits == ["2"]


NAMES = [
    "applicant",
    "birth_date",
    "call_back_day",
    "call_back_time",
    "caller",
    "close",
    "date",
    "doctor",
    "doctors",
    "end",
    "first_day",
    "form",
    "key",
    "kind",
    "last_day",
    "last_name",
    "move",
    "note",
    "open",
    "outcome",
    "over",
    "page",
    "patient",
    "phone",
    "q",
    "reason",
    "refresh",
    "rep-relation",
    "roll",
    "seen",
    "service",
    "skip",
    "slot",
    "slots",
    "specialty",
    "starts",
    "state",
    "sure",
    "time_from",
    "time_until",
    "to",
    "urgency",
    "v",
    "week",
    "weekdays",
    "weeks",
    "who",
]


@pytest.mark.parametrize("junk", ["\x00", "x", "9" * 400, "9999-99-99"])
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HEAD, Role.DOCTOR])
def test_junk_breaks_no_page(role, junk):
    client, sent = browser(role), dict.fromkeys(NAMES, junk)
    client.raise_request_exception = False
    answers = {
        url: (client.get(url, sent).status_code, client.post(url, sent).status_code) for url in first_pages(ids())
    }
    assert {url: found for url, found in answers.items() if max(found) >= 500} == {}

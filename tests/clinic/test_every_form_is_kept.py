"""D34, D35: each form of each page, sent after somebody signed in in another tab, is there again as it was typed.

A new page is walked by itself; a form that would lose what is typed fails here.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from foundation.accounts.choices import Role
from foundation.accounts.models import User
from tests.clinic.demo_in_hand import begin_work
from tests.clinic.demo_walk import walk
from tests.clinic.sent_forms import SentForm, forms_of
from tests.standalone.test_demo import _empty

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WORD = "Проверка"
PHONE = "9217770001"
RULES = {"specialty", "applicant"}
"""What can be chosen in other fields follows from these."""
ENDS = {"account_logout"}
"""The way out, which needs nothing to be typed."""


@pytest.fixture(scope="module", autouse=True)
def clinic(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("demo", stdout=StringIO())
        try:
            begin_work()
            yield
        finally:
            _empty()


def browser(role: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(role=role), backend="foundation.accounts.backend.StaffBackend")
    return client


def fill(form: SentForm) -> SentForm:
    """Types into every field that takes words and chooses the last of what can be chosen."""
    for name in form.texts:
        form.typed[name] = [PHONE if "phone" in name else f"{WORD} {name}"]
    for name, options in form.options.items():
        form.typed[name] = form.typed[name] if name in RULES else options[-1:]
    return form


def drawn_forms(client: Client):
    """One form of each kind that the pages of this person have."""
    found: dict[tuple, tuple[str, SentForm]] = {}
    for page in walk(client):
        if page.status != 200:
            continue
        html = client.get(page.url).content.decode()
        for form in forms_of(html, at=page.url):
            found.setdefault(form.kind, (page.url, form))
    return [pair for pair in found.values() if pair[1].name not in ENDS]


def lost(client: Client, at: str, form: SentForm) -> object:
    """Returns what is not there again after the form is sent from a page that had grown old."""
    sent = fill(form).sent() | {"csrfmiddlewaretoken": ["a" * 64]}
    answer = client.post(form.action, sent, headers=BROWSER | {"Referer": f"http://testserver{at}"})
    if answer.status_code != 302:
        return answer.status_code
    page = client.get(answer.url, headers=BROWSER, follow=True)
    again = [each for each in forms_of(page.content.decode(), at=answer.url) if each.path == form.path]
    if not again:
        return f"{page.status_code} {page.redirect_chain}"
    missing = [_missing(form, each) for each in again]
    return min(missing, key=len)


def _missing(form: SentForm, again: SentForm) -> dict:
    typed = form.typed.items()
    return {name: (values, again.typed.get(name)) for name, values in typed if values != again.typed.get(name)}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HEAD, Role.DOCTOR])
def test_every_form_is_there_again_as_it_was_typed(role):
    client = browser(role)
    found = {f"{form.name} at {at}": lost(client, at, form) for at, form in drawn_forms(client)}
    assert {where: missing for where, missing in found.items() if missing} == {}

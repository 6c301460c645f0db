"""T115: each act at the entrance and each page that is kept has its row in the audit, with who and from where."""

import logging

import pytest

from foundation.accounts.actors import ref_of
from foundation.accounts.choices import Permission, Role
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests.clinic.urls_walk import pages

pytestmark = pytest.mark.django_db
PASSWORD = "parol-12345"
ADDRESS = "127.0.0.1"


def rows():
    """Returns what is in the audit beside the patients shown."""
    events = AuditEvent.objects.exclude(action="patient.shown").order_by("id")
    return list(events.values_list("action", "actor", "object_ref", "ip"))


def sign_in(client, login, password=PASSWORD):
    return client.post("/office/sign-in/", {"login": login, "password": password})


@pytest.fixture
def registrar(make):
    return make.user(Role.REGISTRAR)


def test_sign_in_and_sign_out(client, registrar):
    sign_in(client, registrar.username)
    client.post("/office/sign-out/")
    by = ref_of(registrar)
    assert rows() == [("staff.signed_in", by, "", ADDRESS), ("staff.signed_out", by, "", ADDRESS)]


def test_wrong_password(client, registrar, caplog):
    with caplog.at_level(logging.WARNING, logger="clinic.entrance"):
        sign_in(client, registrar.username, "another-password")
    by = ref_of(registrar)
    assert rows() == [("staff.sign_in_failed", by, "", ADDRESS)]
    assert [each.getMessage() for each in caplog.records] == [f"sign-in failed: {by} from {ADDRESS}"]


def test_a_login_that_nobody_has_is_not_written_down(client, caplog):
    """People type their password into the wrong field."""
    sign_in(client, "a-secret-typed-here")
    assert rows() == [("staff.sign_in_failed", "system:sign_in", "", ADDRESS)]
    assert "a-secret-typed-here" not in caplog.text


def test_password(client, registrar):
    sign_in(client, registrar.username)
    new = {"oldpassword": PASSWORD, "password1": "Sovsem-drugoj-77", "password2": "Sovsem-drugoj-77"}
    assert client.post("/office/password/", new).status_code == 302
    assert rows()[-1] == ("staff.password_changed", ref_of(registrar), "", ADDRESS)


def test_a_page_that_is_refused(client, registrar, caplog):
    client.force_login(registrar, backend="foundation.accounts.backend.StaffBackend")
    assert client.get("/office/schedule/").status_code == 403
    assert rows() == [("staff.denied", ref_of(registrar), "office:schedule", ADDRESS)]
    assert f"denied: {ref_of(registrar)} from {ADDRESS} at GET office:schedule" in caplog.text


LISTS = {"/office/outbox/": "office:outbox", "/office/waitlist/": "office:waitlist"}
LISTS |= {"/office/admin/scheduling/doctor/": "/office/admin/scheduling/doctor/"}
LISTS |= {"/office/admin/scheduling/service/": "/office/admin/scheduling/service/"}


@pytest.mark.parametrize("address", LISTS)
def test_lists_of_messages_requests_logins_and_prices(client, address):
    head = make.user(Role.HEAD)
    client.force_login(head, backend="foundation.accounts.backend.StaffBackend")
    assert client.get(address).status_code == 200
    assert rows() == [("page.shown", ref_of(head), LISTS[address], ADDRESS)]


def test_every_page_of_who_administers_is_kept(client):
    """A page that is added later has its row without a line of its own."""
    head = make.user(Role.HEAD)
    client.force_login(head, backend="foundation.accounts.backend.StaffBackend")
    seen = []
    for page in pages():
        kept = page.rule in (Permission.ADMINISTER, Permission.SEE_OUTBOX) and page.name.startswith("office:")
        if kept and client.get(page.url).status_code == 200:
            seen.append(page.name)
    assert seen
    assert [where for action, _by, where, _ip in rows() if action == "page.shown"] == seen

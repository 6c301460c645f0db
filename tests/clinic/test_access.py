"""T40: every URL, every role, every method, against the matrix people have reviewed (`access_matrix.txt`)."""

from pathlib import Path
from types import ModuleType

import pytest
from django.http import HttpResponse
from django.urls import path

from foundation.accounts.choices import ROLE_PERMISSIONS, Permission, Role
from tests import factories as make
from tests.clinic.urls_walk import pages
from waitlist import matching

MATRIX = Path(__file__).with_name("access_matrix.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def running(db):
    """Records a run of matching: `/readyz` answers 503 until there is one."""
    matching.match_freed()


def reviewed() -> dict[str, str]:
    lines = (line.split("#")[0].split() for line in MATRIX.read_text(encoding="utf-8").splitlines())
    return {line[0]: line[1] for line in lines if line}


def test_every_url_has_the_reviewed_rule():
    assert {page.name: page.rule for page in pages()} == reviewed()


def test_a_view_without_a_rule_is_noticed():
    urls = ModuleType("urls_without_rule")
    urls.urlpatterns = [path("open/", lambda request: HttpResponse(), name="open")]
    assert [page.rule for page in pages(urls)] == [None]


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_strangers_reach_only_public_pages(client, running, method):
    for page in pages():
        answer = client.generic(method, page.url)
        if page.rule == "public":
            assert answer.status_code not in (401, 403), page
            assert not answer.headers.get("Location", "").startswith("/office/"), page
        else:
            signs_in = answer.status_code == 302 and answer.headers["Location"].startswith("/office/sign-in/")
            assert signs_in or answer.status_code == 405, page
        assert answer.status_code < 500, page


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_it_may(client, running, role, method):
    person = make.user(role)
    for page in pages():
        client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
        answer = client.generic(method, page.url)
        allowed = page.rule == "public" or page.rule in ROLE_PERMISSIONS[role]
        assert answer.status_code < 500, page
        if not allowed:
            assert answer.status_code in (403, 405), page
        elif page.rule != "public":
            assert answer.status_code != 403, page
            assert not answer.headers.get("Location", "").startswith("/office/sign-in/"), page


ADMIN_PAGES = ("", "scheduling/doctor/", "scheduling/doctor/add/", "scheduling/service/", "jsi18n/")


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_the_admin_is_closed_to_all_but_those_who_administer(client, role, page):
    client.force_login(make.user(role), backend="foundation.accounts.backend.StaffBackend")
    answer = client.get(f"/office/admin/{page}", follow=True)
    allowed = Permission.ADMINISTER in ROLE_PERMISSIONS[role]
    assert (answer.status_code, answer.redirect_chain) == (200 if allowed else 403, [])
    if not allowed:
        assert 'href="/office/"' in answer.content.decode(), "the way back"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_the_admin_sends_strangers_to_the_sign_in_and_back(client, page):
    here = f"/office/admin/{page}"
    answer = client.get(here)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/office/sign-in/?next={here}")
    head = make.user(Role.HEAD)
    answer = client.post(answer.headers["Location"], {"login": head.username, "password": "parol-12345"}, follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [(here, 302)])


@pytest.mark.django_db
def test_a_former_address_of_the_sign_in_does_not_lead_in_circles(client):
    client.force_login(make.user(Role.REGISTRAR), backend="foundation.accounts.backend.StaffBackend")
    answer = client.get("/office/admin/login/?next=/office/admin/", follow=True)
    assert answer.status_code == 403


@pytest.mark.django_db
def test_a_withdrawn_login_is_refused_at_the_next_request(client):
    """This is T49."""
    person = make.user(Role.REGISTRAR)
    client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
    assert client.get("/office/patients/").status_code == 200
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert client.get("/office/patients/").status_code == 302

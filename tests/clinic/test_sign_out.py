"""A browser is told at the sign-out to forget what it has stored, and nothing that other tabs need (ASVS 14.3.1)."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from foundation.accounts.choices import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
HERE = reverse("account_logout")


@pytest.fixture
def desk():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user(Role.REGISTRAR), backend="foundation.accounts.backend.StaffBackend")
    client.get(HERE)
    return client


def left(client, **sent):
    return client.post(HERE, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} | sent)


def test_the_browser_forgets_its_storage_and_keeps_the_token_of_forms(desk):
    answer = left(desk)
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"storage"')
    assert SESSION_KEY not in desk.session
    assert desk.cookies["csrftoken"].value


def test_a_question_whether_to_leave_forgets_nothing(desk):
    assert "Clear-Site-Data" not in desk.get(HERE).headers
    assert SESSION_KEY in desk.session


def test_a_press_from_elsewhere_forgets_nothing(desk):
    assert "Clear-Site-Data" not in desk.post(HERE).headers
    assert SESSION_KEY in desk.session


@pytest.mark.parametrize("page", ["office:home", "office:patients", "account_login"])
def test_no_other_page_has_it(desk, page):
    assert "Clear-Site-Data" not in desk.get(reverse(page)).headers

"""What failed in the office leads back to work, what failed on the site leads to the clinic's first page."""

import re

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role

pytestmark = pytest.mark.django_db


def links(answer) -> list[str]:
    return [link for link in re.findall(r'<a [^>]*href="([^"]*)"', answer.content.decode()) if link != "#main"]


@pytest.fixture
def broken(monkeypatch, client):
    """Every page that is drawn fails."""
    client.raise_request_exception = False
    for drawn in ("back_office.staff_view._drawn", "booking_site.site_view._drawn"):
        monkeypatch.setattr(drawn, lambda *_: 1 / 0)


def test_the_office_leads_back_to_work(sign_in):
    desk = sign_in(Role.REGISTRAR)
    refused, unknown = desk.get(reverse("office:schedule")), desk.get("/office/nothing/")
    misread = desk.get(reverse("office:patients"), headers={"host": "elsewhere.example.org"})
    assert [answer.status_code for answer in (refused, unknown, misread)] == [403, 404, 400]
    assert [set(links(answer)) for answer in (refused, unknown, misread)] == [{"/office/"}] * 3


def test_a_failure_in_the_office_leads_back_to_work(sign_in, broken):
    answer = sign_in(Role.REGISTRAR).get(reverse("office:patients"))
    assert (answer.status_code, set(links(answer))) == (500, {"/office/"})


def test_the_site_leads_to_its_first_page(client):
    unknown, misread = client.get("/nothing/"), client.get("/", headers={"host": "elsewhere.example.org"})
    assert [answer.status_code for answer in (unknown, misread)] == [404, 400]
    assert [set(links(answer)) - {"tel:+78123177821"} for answer in (unknown, misread)] == [{"/"}] * 2


def test_a_failure_of_the_site_leads_to_its_first_page(client, broken):
    answer = client.get("/")
    assert (answer.status_code, set(links(answer)) - {"tel:+78123177821"}) == (500, {"/"})


def test_staff_on_the_site_may_go_either_way(sign_in):
    answer = sign_in(Role.REGISTRAR).get("/nothing/")
    assert set(links(answer)) - {"tel:+78123177821"} == {"/", "/office/"}


def test_a_failure_is_told_without_the_database(client, broken, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/consent/").status_code == 500

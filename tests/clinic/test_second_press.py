"""T94: every address that takes a form says why a second press counts once (`second_press.txt`)."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path, resolve
from django.views.decorators.http import require_safe

from booking_site.site_view import site_view
from foundation.idempotency.once import A_DAY
from tests.clinic.urls_walk import Page, pages

REVIEWED = Path(__file__).with_name("second_press.txt")


def reviewed() -> dict[str, str]:
    """Returns `form`, `visit` or `again` by the name of the address; the last one has a reason."""
    lines = [line.split(maxsplit=2) for line in REVIEWED.read_text(encoding="utf-8").splitlines()]
    rows = [line for line in lines if not line[0].startswith("#")]
    assert [name for name, how, *why in rows if (how == "again") != bool(why)] == []
    return {name: how for name, how, *_why in rows}


def taking_forms(client: Client, urlconf: ModuleType | None = None) -> Iterator[Page]:
    """Every page that takes a POST. The method is asked before anything else, so nobody has to be signed in."""
    for page in pages(urlconf):
        if client.post(page.url).status_code != 405:
            yield page


def with_key(client: Client, urlconf: ModuleType | None = None) -> set[str]:
    found = taking_forms(client, urlconf)
    return {page.name for page in found if getattr(resolve(page.url, urlconf).func, "counts_once", None)}


@pytest.mark.django_db
def test_every_address_that_takes_a_form_is_reviewed(client):
    assert {page.name for page in taking_forms(client)} == reviewed().keys()


@pytest.mark.django_db
def test_the_views_with_a_key_are_those_of_the_list(client):
    assert with_key(client) == {name for name, how in reviewed().items() if how == "form"}


def test_control_a_planted_view_is_found(client, settings):
    plain = site_view()(lambda request: HttpResponse())
    once = site_view(once=A_DAY)(lambda request: HttpResponse())
    urls = ModuleType("planted_urls")
    urls.urlpatterns = [
        path("plain/", plain, name="plain"),
        path("once/", once, name="once"),
        path("look/", require_safe(plain), name="look"),
    ]
    settings.ROOT_URLCONF = urls
    assert {page.name for page in taking_forms(client, urls)} == {"plain", "once"}
    assert with_key(client, urls) == {"once"}

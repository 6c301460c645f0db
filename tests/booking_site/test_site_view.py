"""What the decorator of the site's views does for them."""

from importlib import import_module

import pytest
from django.conf import settings
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.urls import reverse

from booking_site.answers import ANSWERS
from booking_site.presenters.refusal import Refusal
from booking_site.site_view import LINK, LINK_WITH_FORM, PRIVATE, Page, site_view
from booking_site.visitor import KEY
from foundation.errors import DomainError
from scheduling.errors import FollowUpNotOnSite, SlotTaken, StepNotAllowed

PRIVATE_ALONE = {"Cache-Control": "private, no-store"}


@pytest.fixture
def session(db):
    return import_module(settings.SESSION_ENGINE).SessionStore()


@pytest.fixture
def ask(session):
    """`ask(view, **address)`: what the view answers to a visitor with this session."""

    def answered(view, *, sent=None, query=None, **address):
        make = RequestFactory()
        request = make.get("/", query) if sent is None else make.post("/", sent)
        request.session = session
        return view(request, **address)

    return answered


@pytest.fixture
def drawn():
    """The names of the templates in the order in which they were drawn."""
    names = []

    def note(sender, template, **_):
        names.append(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def refusing(error):
    def refuses(request, *found):
        raise error

    return refuses


def error_with(code):
    return type("Planted", (DomainError,), {"code": code, "message": f"Sentence of {code}."})()


def test_a_page_is_drawn_with_its_content_and_status(ask, drawn):
    answer = ask(
        site_view()(lambda request: Page("booking_site/problem.html", Refusal("Why it is so."), status=418)),
    )
    assert (answer.status_code, drawn[0]) == (418, "booking_site/problem.html")
    assert "Why it is so." in answer.content.decode()


def test_a_page_may_have_no_content(ask, drawn):
    answer = ask(site_view()(lambda request: Page("booking_site/link_over.html", None)))
    assert (answer.status_code, drawn[0]) == (200, "booking_site/link_over.html")


def test_everybody_may_open_it():
    assert site_view()(lambda request: HttpResponse()).access_rule == "public"


def test_the_view_is_told_who_acts(ask, session):
    told = []
    ask(site_view()(lambda request: told.append((request.by.ref, request.by.name, request.by.ip)) or HttpResponse()))
    assert told == [(f"site:{session[KEY]}", "сайт", "127.0.0.1")]


def test_who_only_looks_gets_no_session(ask, session):
    ask(site_view()(lambda request: HttpResponse()))
    assert (session.is_empty(), session.modified) == (True, False)


def test_the_view_gets_what_its_scope_finds(ask):
    view = site_view(scope=lambda request, number: number * 2)(lambda request, found: HttpResponse(str(found)))
    assert ask(view, number=21).content == b"42"


@pytest.mark.parametrize(
    ("instead", "status"), [(HttpResponse(status=302), 302), (Page("booking_site/link_over.html", None, 410), 410)]
)
def test_a_scope_may_answer_instead_of_the_view(ask, instead, status):
    view = site_view(scope=lambda request: instead, headers=LINK)(refusing(AssertionError("not to be called")))
    answer = ask(view)
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (status, "no-referrer")


def test_what_a_scope_does_not_find_is_not_found(ask):
    with pytest.raises(Http404):
        ask(site_view(scope=refusing(Http404()))(lambda request, found: HttpResponse()))


@pytest.mark.parametrize(
    ("headers", "set_by_it"),
    [
        ({}, {}),
        (PRIVATE, PRIVATE_ALONE),
        (LINK, PRIVATE_ALONE | {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}),
        (
            LINK_WITH_FORM,
            PRIVATE_ALONE | {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "strict-origin"},
        ),
    ],
    ids=["none", "private", "link", "link with form"],
)
@pytest.mark.parametrize("view", [lambda request: HttpResponse(), refusing(SlotTaken())], ids=["answers", "refuses"])
def test_headers_stand_on_every_answer(ask, headers, set_by_it, view):
    answer = ask(site_view(headers=headers)(view))
    assert {name: value for name, value in answer.headers.items() if name != "Content-Type"} == set_by_it


@pytest.mark.parametrize("code", ANSWERS)
def test_an_error_that_no_view_handles_is_answered_as_the_table_says(ask, drawn, code):
    answer = ask(site_view()(refusing(error_with(code))))
    assert (answer.status_code, drawn[0]) == (ANSWERS[code].status, ANSWERS[code].page)
    assert f"Sentence of {code}." in answer.content.decode()


@pytest.mark.parametrize("code", ANSWERS)
def test_an_error_of_the_scope_is_answered_so_too(ask, drawn, code):
    never = refusing(AssertionError("nothing is found"))
    answer = ask(site_view(scope=refusing(error_with(code)), refused=never)(never))
    assert (answer.status_code, drawn[0]) == (ANSWERS[code].status, ANSWERS[code].page)


def page(request, *found):
    return Page("booking_site/link_over.html", None)


def test_a_time_that_nobody_knows_leads_to_the_choice(ask):
    assert f'href="{reverse("site:choose")}">' in ask(site_view()(refusing(SlotTaken()))).content.decode()


def test_the_view_shows_a_page_of_its_own_after_an_error(ask):
    def again(request, found, *, error):
        return Page("booking_site/problem.html", Refusal(f"{found}: {error}"), status=409)

    answer = ask(site_view(scope=lambda request: "7", refused=again)(refusing(StepNotAllowed())))
    assert answer.status_code == 409
    assert f"7: {StepNotAllowed()}" in answer.content.decode()


def test_any_other_exception_is_no_answer(ask):
    with pytest.raises(ZeroDivisionError):
        ask(site_view()(lambda request: 1 / 0))


@pytest.mark.parametrize(
    "asked", [{"query": {"kind": "follow_up"}}, {"sent": {"visit_kind": "follow_up"}}, {"query": {"kind": "вздор"}}]
)
def test_a_follow_up_is_refused_before_anything_is_looked_for(ask, drawn, asked):
    """R18."""
    never = refusing(AssertionError("not to be called"))
    answer = ask(site_view(scope=never, refused=never)(never), **asked)
    assert (answer.status_code, drawn[0]) == (403, "booking_site/follow_up.html")
    assert str(FollowUpNotOnSite()) in answer.content.decode()


@pytest.mark.parametrize("asked", [{"query": {"kind": "first"}}, {"sent": {"visit_kind": "first"}}, {"sent": {}}])
def test_a_first_visit_is_not(ask, asked):
    assert ask(site_view()(page), **asked).status_code == 200

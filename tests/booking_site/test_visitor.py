"""Whoever fills in a form of the site is known by a mark of their session that nobody can guess (ASVS 11.5.1)."""

import base64

from django.contrib.sessions.backends.cache import SessionStore
from django.test import RequestFactory

from booking_site import visitor

BITS = 128


def asked(session=None):
    request = RequestFactory().get("/")
    request.session = SessionStore() if session is None else session
    return request


def bits_of(ref):
    mark = ref.removeprefix("site:")
    return len(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))) * 8


def test_a_mark_cannot_be_guessed():
    marks = {visitor.visitor_of(asked()).ref for _browser in range(100)}
    assert len(marks) == 100
    assert {bits_of(ref) >= BITS for ref in marks} == {True}


def test_a_browser_keeps_its_mark():
    session = SessionStore()
    first = visitor.visitor_of(asked(session)).ref
    assert visitor.visitor_of(asked(session)).ref == visitor.known_visitor(asked(session)) == first


def test_looking_makes_no_mark():
    request = asked()
    assert visitor.known_visitor(request) == "site:"
    assert visitor.KEY not in request.session


def test_control_a_shorter_mark_is_noticed(monkeypatch):
    monkeypatch.setattr(visitor, "MARK_BYTES", 12)
    assert bits_of(visitor.visitor_of(asked()).ref) < BITS

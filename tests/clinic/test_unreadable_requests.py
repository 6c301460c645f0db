"""What no visitor of ours sends is answered as the sender's mistake: 400, 404, or as if it were not there."""

from importlib import import_module
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client

from foundation.accounts.choices import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
PAGES = ("/", "/nothing/", "/book/time/?doctor=x", "/book/details/", "/office/patients/?slot=x", "/office/nothing/?x=x")
PAGES += ("/office/sign-in/?next=x", "/office/admin/", "/healthz")
ODD_CHARSETS = (
    "utf-16",
    "utf-7",
    "latin-1",
    "windows-1251",
    "us-ascii",
    "rot13",
    "base64",
    "idna",
    "undefined",
    "x",
    "\x00",
)
ODD_PATHS = ("/%ff", "/%00", "/%e0%a4%a", "/%", "/book/%00/", "/v/%00/", "/office/%ff/", "/office/patients/%00/")
ODD_QUERIES = ("%00", "%ff", "%", "%u1234", "a=%zz&a=%00", "&&==&", "a[]=1&a[b]=2", ";" * 200)


@pytest.fixture(params=[None, Role.HEAD], ids=["stranger", "head"])
def visitor(request):
    """One that has been here: it brings the cookie of the token, so that its forms are read."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = "x" * 32
    if request.param:
        client.force_login(make.user(request.param), backend="foundation.accounts.backend.StaffBackend")
    return client


@pytest.mark.parametrize("charset", ODD_CHARSETS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_charset_than_utf_8(charset, method):
    kinds = (FORM, f"{PARTS}; boundary=x", "text/plain")
    answers = {answer_to(method, page, f"{kind}; charset={charset}") for page in PAGES for kind in kinds}
    assert answers == {"400 Bad Request"}


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', ""])
def test_utf_8_however_it_is_written(charset):
    assert answer_to("POST", "/office/sign-in/", f"{FORM}; charset={charset}") == "403 Forbidden"
    assert answer_to("GET", "/office/sign-in/", f"{FORM}; charset={charset}") == "200 OK"


@pytest.mark.parametrize("kind", ["", "nonsense", "; charset", "a/b; charset*=rot13''x", "a/b; c=" + "x" * 20_000])
def test_a_kind_of_content_that_is_none(kind):
    assert answer_to("GET", "/office/sign-in/?next=x", kind) in ("200 OK", "400 Bad Request")


def answer_to(method: str, page: str, kind: str) -> str:
    """The status of the answer of what the web server runs."""
    answers = []
    path, _mark, query = page.partition("?")
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": kind}
    asked |= {"HTTP_HOST": "localhost", "wsgi.input": BytesIO(b"a=1"), "CONTENT_LENGTH": "3"}
    setup_testing_defaults(asked)
    request_started.disconnect(close_old_connections)  # as the test client does: the connection is the test's
    try:
        import_module("clinic.wsgi").application(asked, lambda status, _headers: answers.append(status))
    finally:
        request_started.connect(close_old_connections)
    (status,) = answers
    return status


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "x" * 300, "; boundary=\xff"])
def test_a_form_in_parts_without_a_boundary(visitor, boundary):
    answers = [visitor.post(page, b"--x\r\nbroken", content_type=PARTS + boundary) for page in PAGES]
    assert {answer.status_code for answer in answers} <= {400, 403, 404, 405}


@pytest.mark.parametrize("body", [b"a=1&" * 1000, b"a=" + b"x" * 300_000, b"%ff=%zz&\xff=\x00&a=%u1234", b"\x00"])
def test_an_odd_form(visitor, body):
    answers = [visitor.post(page, body, content_type=kind) for page in PAGES for kind in (FORM, f"{PARTS}; boundary=x")]
    assert {answer.status_code for answer in answers} <= {302, 400, 403, 404, 405, 422}


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_address(visitor, path):
    assert visitor.generic("GET", path).status_code == 404
    assert visitor.generic("POST", path).status_code in (403, 404)


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_an_odd_query(visitor, query):
    answers = [visitor.generic("GET", page.split("?")[0], QUERY_STRING=query) for page in PAGES]
    assert {answer.status_code for answer in answers} <= {200, 302, 403, 404, 405}


def test_the_reference_data_have_no_pages_on_the_site(visitor):
    """Django's redirect to such a page fails at an id that is no UUID."""
    kinds = ContentType.objects.values_list("pk", flat=True)
    answers = [visitor.get(f"/office/admin/r/{kind}/{pk}/") for kind in (*kinds, 0, 10**30) for pk in ("x", "%00")]
    assert {answer.status_code for answer in answers} == ({404} if "sessionid" in visitor.cookies else {302})


@pytest.mark.parametrize(
    "value", [r'"\000aaaaaaaaaaaa"', r'"aaaaaaaaaaaa\000"', "%00" * 9, "x" * 3000, "\xff" * 12, '"']
)
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "contrast", "django_language"])
def test_an_odd_cookie(name, value):
    visitor = Client(raise_request_exception=False)
    answers = [visitor.get(page, headers={"cookie": f"{name}={value}"}) for page in ("/", "/book/details/", "/office/")]
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert visitor.post("/book/time/", {}, headers={"cookie": f"{name}={value}"}).status_code == 404

"""T119: whatever is sent to whichever address by whomever, no answer is an error of ours.

Requests go through what the web server runs. They are drawn from a seed, which a failure names and FUZZ_SEED
sets.
"""

import os
import random
import time
from io import BytesIO
from urllib.parse import quote_from_bytes, urlencode
from uuid import uuid4
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.management import call_command
from django.core.signals import request_started
from django.db import close_old_connections, connection, transaction
from django.test import Client

from clinic.wsgi import application
from foundation.accounts.choices import Role
from scheduling import links
from tests import factories as make
from tests.clinic import demo_walk
from tests.clinic.demo_in_hand import begin_work
from tests.clinic.sent_forms import SentForms
from tests.clinic.urls_walk import pages
from waitlist import matching

pytestmark = pytest.mark.django_db

REQUESTS, LONG = 1000, 12_000
SLOWEST = 3
"""Seconds; looked at in the long run alone."""
WHO = (None, *Role)
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
KINDS = (
    *(FORM, FORM, FORM, f"{FORM}; charset=utf-16", f"{FORM}; charset=rot13", f"{PARTS}; boundary=x", PARTS),
    *(f"{PARTS}; boundary=", "application/json", "text/plain", "text/xml; charset=\xff", "", "/", "a/b;c;d=\x00"),
)
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "BREW")
NASTY = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "\u202eЛунина",
        "\ufeff",
    ),
    *(
        "-1",
        "0",
        "99999999999999999999",
        "1e400",
        "NaN",
        "٣",
        "½",
        "1,5",
        "0x10",
        "true",
        "None",
        "[]",
        "{}",
        "../../etc",
    ),
    *("31.02.2020", "00.00.0000", "2026-13-45", "9999-12-31", "0001-01-01", "29.02.2100", "25:61", "24:00", "-00:01"),
    *(
        "+7" + "9" * 40,
        "8(812",
        "☎",
        "a@b",
        "x" * 3000,
        "Ж" * 300,
        "'; DROP TABLE x;--",
        "%s%n%00",
        "<script>",
        "{{ 7*7 }}",
    ),
    *("00000000-0000-0000-0000-000000000000", "on", "on" * 50, "\r\nX: y", "\\", '"', "\u0301" * 200, "ﷺ", "I\u0307"),
)


@pytest.fixture
def requests_to_send(request):
    return LONG if request.config.getoption("--long") else REQUESTS


@pytest.fixture
def clinic(request, db, settings):
    """Makes a clinic with one of what addresses name; the long run has the whole demo."""
    settings.READY_MAX_SWEEP_SECONDS = 3600  # the run takes minutes, and no beat is there
    matching.match_freed()
    if request.config.getoption("--long"):
        call_command("demo", if_empty=True)
        begin_work()
        check_what_waits()
        return demo_walk.ids()
    visit = make.appointment()
    slot = make.slots_of(make.shift(make.doctor(), days=2))[0]
    entry = make.entry(slot.doctor.specialties.get())
    known = {"patient_id": visit.patient_id, "appointment_id": visit.pk, "visit_id": visit.pk, "slot_id": slot.pk}
    known |= {"doctor_id": slot.doctor_id, "entry_id": entry.pk, "shift_id": slot.shift_id}
    return known | {"token": links.token_of(visit), "slug": slot.doctor.slug}


def check_what_waits():
    """Checks now the keys of rows that Django would check at the end: of a whole demo that takes long."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        connection.check_constraints()
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


@pytest.fixture
def cookies(clinic):
    """Returns what the browser of each role brings, the token of forms included."""
    made = {}
    for who in WHO:
        client = Client()
        if who:
            client.force_login(make.user(who), backend="foundation.accounts.backend.StaffBackend")
        client.cookies["csrftoken"] = "x" * 32
        made[who] = {name: morsel.value for name, morsel in client.cookies.items()}
    return made


@pytest.fixture
def fields(clinic):
    """Returns the names of fields that the pages have, with a value that one of them carries."""
    names = {"page": "1", "date": "", "draft": str(uuid4()), "next": "/office/", "form_key": str(uuid4())}
    client = Client(raise_request_exception=False)
    client.force_login(make.user(Role.HEAD), backend="foundation.accounts.backend.StaffBackend")
    for url in filled(clinic):
        answer = client.get(url)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            for form in SentForms(answer.content.decode(), at=url).forms:
                names |= {name: values[0] if values else "" for name, values in form.sent().items()}
                names |= {name: values[0] for name, values in form.options.items() if values}
    return {name: value for name, value in names.items() if name != "csrfmiddlewaretoken"}


def filled(known):
    """Returns every address of ours, with ids of what exists where there are some."""
    for page in pages():
        url = page.url
        for part, sample in zip(page.parts, samples_in(page), strict=True):
            url = url.replace(sample, str(known[part]), 1) if part in known else url
        yield url


def samples_in(page):
    return [piece for piece in page.url.split("/") if piece in ("nobody", "nothing", SAMPLE_ID)]


SAMPLE_ID = "00000000-0000-7000-8000-000000000000"
OF_LIBRARIES = ("/office/admin/", "/office/sign-in/", "/office/password/", "/office/reauthenticate/")


def send(method, path, *, query="", body=b"", kind="", cookies=None, **headers):
    """Returns the status of the answer of what the web server runs."""
    answers = []
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": kind}
    asked |= {"HTTP_HOST": "localhost", "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), **headers}
    if cookies:
        asked["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    setup_testing_defaults(asked)
    request_started.disconnect(close_old_connections)  # as the test client does: the connection is the test's
    try:
        with transaction.atomic():
            application(asked, lambda status, _headers, _error=None: answers.append(int(status.split()[0])))
            transaction.set_rollback(True)
    finally:
        request_started.connect(close_old_connections)
    return answers[-1]


def body_of(draw, fields, kind):
    sent = [(name, spoiled(draw, fields[name])) for name in draw.sample(sorted(fields), draw.randint(0, 9))]
    if draw.random() < 0.8:
        sent.append(("csrfmiddlewaretoken", "x" * 32))
    sent += [draw.choice(sent)] if sent and draw.random() < 0.2 else []
    if "boundary=x" in kind:
        parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in sent]
        return "".join([*parts, "--x--\r\n"]).encode("utf-8", "surrogatepass")
    body = urlencode(sent, errors="replace").encode()
    return draw.randbytes(draw.randint(0, 200)) if draw.random() < 0.1 else body


def spoiled(draw, value):
    return value if draw.random() < 0.4 else draw.choice(NASTY)


def path_of(draw, urls):
    url = draw.choice(urls)
    if draw.random() < 0.15:
        pieces = url.split("/")
        pieces[draw.randrange(len(pieces))] = draw.choice(NASTY)
        url = "/" + "/".join(pieces).lstrip("/")
    return url.encode("utf-8", "replace").decode("latin-1")  # as WSGI has it


def headers_of(draw):
    headers = {}
    if draw.random() < 0.3:
        headers["HTTP_HX_REQUEST"] = "true"
    if draw.random() < 0.5:
        headers["HTTP_ACCEPT"] = draw.choice(["text/html", "application/json", "*/*;q=x", ""])
    if draw.random() < 0.1:
        headers["HTTP_ACCEPT_LANGUAGE"] = draw.choice(["en", "xx-\x00", "ru" * 500, ";;q="])
    if draw.random() < 0.1:
        headers["HTTP_REFERER"] = draw.choice(["http://[", "\x00", "/office/?draft=x", "http://localhost/\xff"])
    if draw.random() < 0.1:
        headers["HTTP_X_FORWARDED_FOR"] = draw.choice(["::1, x", "999.1.1.1", ",,,", "\xff"])
    return headers


def test_nothing_that_is_sent_is_an_error_of_ours(requests_to_send, clinic, cookies, fields, request):
    seed = int(os.environ.get("FUZZ_SEED") or random.randrange(10**9))
    draw, urls, wrong, slow = random.Random(seed), [*filled(clinic), *OF_LIBRARIES], [], []
    for number in range(requests_to_send):
        who, method, kind = draw.choice(WHO), draw.choice(["GET", "POST", "POST"]), draw.choice(KINDS)
        path, headers = path_of(draw, urls), headers_of(draw)
        query = urlencode([(name, spoiled(draw, "")) for name in draw.sample(sorted(fields), draw.randint(0, 3))])
        query = quote_from_bytes(draw.randbytes(20)) if draw.random() < 0.1 else query
        body = body_of(draw, fields, kind) if method == "POST" else b""
        began = time.monotonic()
        status = send(method, path, query=query, body=body, kind=kind, cookies=cookies[who], **headers)
        slow += [(number, path)] if time.monotonic() - began > SLOWEST else []
        wrong += [(number, who, method, path, query, kind, body[:500], status)] if status >= 500 else []
    assert wrong == [], f"seed {seed}"
    if request.config.getoption("--long"):
        assert slow == [], f"seed {seed}"


def test_control_a_page_that_fails_is_noticed(monkeypatch, clinic, cookies):
    monkeypatch.setattr("booking_site.site_view._drawn", lambda *_: 1 / 0)
    assert send("GET", "/", cookies=cookies[None]) == 500


def test_no_address_takes_another_method(clinic, cookies):
    for url in (*filled(clinic), *OF_LIBRARIES, "/static/css/clinic.css", "/nothing/", "*"):
        assert {send(method, url, cookies=cookies[Role.HEAD]) for method in OTHER_METHODS} == {405}, url

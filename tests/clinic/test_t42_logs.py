"""T42: the token of a patient's link stands in no log, whatever fails and whoever writes it."""

import io
import logging
from datetime import timedelta

import pytest
from celery.signals import after_setup_logger, after_setup_task_logger
from django.conf import settings
from django.urls import get_resolver, reverse
from gunicorn.config import Config

from clinic import celery  # noqa: F401  the signals are connected
from clinic.gunicorn_logs import RedactingLogger
from clinic.redaction import plain, redact
from scheduling import links
from tests import factories as make

pytestmark = pytest.mark.django_db

TOKEN = "aB3-_" * 4 + "wXyZ"
ADDRESSES = sorted(
    {
        pattern.name
        for pattern in get_resolver("booking_site.urls").url_patterns
        if "token" in pattern.pattern.converters
    }
)


class Log:
    """What is written into the log by a formatter, with everything below it."""

    def __init__(self, formatter):
        self.written = io.StringIO()
        self.handler = logging.StreamHandler(self.written)
        self.handler.setFormatter(formatter)

    def __enter__(self):
        logging.getLogger().addHandler(self.handler)
        return self.written

    def __exit__(self, *_):
        logging.getLogger().removeHandler(self.handler)


OURS = plain(fmt=settings.LOGGING["formatters"]["plain"]["fmt"], style="{")


@pytest.fixture
def broken(monkeypatch, client):
    """Every page fails with the address in its words."""

    def fail(_view, request, *_):
        raise RuntimeError(f"cannot draw {request.get_full_path()}, token={request.resolver_match.kwargs['token']!r}")

    client.raise_request_exception = False
    monkeypatch.setattr("booking_site.site_view._asked", fail)
    return client


@pytest.fixture
def token():
    return links.token_of(make.appointment())


def failed(client, token, method):
    for name in ADDRESSES:
        answer = getattr(client, method)(reverse(f"site:{name}", args=[token]), headers={"referer": f"/v/{token}/"})
        assert answer.status_code in (500, 405)


def test_there_are_addresses_with_a_token():
    of_visits = ["visit", "visit_calendar", "visit_cancel", "visit_move", "visit_remind"]
    assert ["freed_time", "request_cancel", "request_state", *of_visits] == ADDRESSES


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_a_link_leaves_its_token_in_the_log(broken, token, method):
    with Log(OURS) as written:
        failed(broken, token, method)
    assert "cannot draw /v/…" in written.getvalue()
    assert token not in written.getvalue()


def test_control_a_formatter_of_the_library_writes_it(broken, token):
    with Log(logging.Formatter()) as written:
        failed(broken, token, "get")
    assert token in written.getvalue()


def test_every_handler_of_the_settings_redacts():
    root = logging.getLogger()
    named = [logging.getLogger(name) for name in ("django", "django.server", "django.request", "gunicorn.error")]
    assert settings.LOGGING["handlers"].keys() == {"console"}
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "plain"
    assert [logger.handlers for logger in named] == [[], [], [], []]
    assert root.level == logging.INFO


def test_gunicorn_redacts_what_was_asked_and_from_where(tmp_path):
    class Asked:
        status, sent, headers = "500 Error", 1, []
        method, path, query, version, uri = "GET", f"/v/{TOKEN}/", "", (1, 1), f"/v/{TOKEN}/"

    config = Config()
    for name, value in {"accesslog": tmp_path / "access", "errorlog": tmp_path / "error"}.items():
        config.set(name, str(value))
    logger = RedactingLogger(config)
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/v/{TOKEN}/",
        "HTTP_REFERER": f"https://clinic.example.org/v/{TOKEN}/",
    }
    environ |= {"SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1"}
    logger.access(Asked, Asked, environ, timedelta(seconds=1))
    try:
        raise RuntimeError(f"/v/{TOKEN}/")
    except RuntimeError:
        logger.exception("Error handling request %s", f"/v/{TOKEN}/")
    written = (tmp_path / "access").read_text() + (tmp_path / "error").read_text()
    logger.close_on_exec()
    for handler in (*logger.access_log.handlers, *logger.error_log.handlers):
        handler.close()
    logger.access_log.handlers.clear()
    logger.error_log.handlers.clear()
    assert written.count("/v/…") == 4
    assert TOKEN not in written


@pytest.mark.parametrize("signal", [after_setup_logger, after_setup_task_logger])
def test_celery_redacts(signal):
    log = Log(logging.Formatter("%(message)s"))
    logger = logging.Logger("celery")
    logger.addHandler(log.handler)
    signal.send(sender=None, logger=logger)
    logger.error("task failed: %r", {"link": f"https://clinic.example.org/v/{TOKEN}/"})
    assert log.written.getvalue() == "task failed: {'link': 'https://clinic.example.org/v/…/'}\n"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"GET /v/{TOKEN}/ HTTP/1.1", "GET /v/…/ HTTP/1.1"),
        (f"GET /t/{TOKEN}/ HTTP/1.1", "GET /t/…/ HTTP/1.1"),
        (f"GET /r/{TOKEN}/cancel/ HTTP/1.1", "GET /r/…/cancel/ HTTP/1.1"),
        (f"/v/{TOKEN}/visit.ics?x=1", "/v/…/visit.ics?x=1"),
        (f"next=%2Fv%2F{TOKEN}%2Fcancel%2F", "next=%2Fv%2F…"),
        (f"kwargs={{'token': '{TOKEN}'}}", "kwargs={'token': '…'}"),
        ("no token was given at /office/v1/", "no token was given at /office/v1/"),
    ],
)
def test_what_is_taken_out(written, left):
    assert redact(written) == left

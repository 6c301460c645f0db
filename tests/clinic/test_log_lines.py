"""No record of a log can be forged by what people type, and each says when in which zone (ASVS 16.2.2, 16.4.1)."""

import logging
import re
import sys
from datetime import UTC, datetime

import pytest
from django.conf import settings
from gunicorn.config import Config

from clinic.gunicorn_logs import RedactingLogger
from clinic.redaction import Redacting, plain

FORGED = "2026-11-28 10:00:00 WARNING clinic.entrance sign-in failed: staff:1"
OURS = plain(fmt=settings.LOGGING["formatters"]["plain"]["fmt"], style="{")
OF_CELERY = Redacting(logging.Formatter("[%(asctime)s: %(levelname)s/%(processName)s] %(message)s"))
MOMENT = datetime(2026, 11, 28, 9, 30, 15, 250_000, tzinfo=UTC)


def record(message, *args, error=None):
    made = logging.LogRecord("clinic", logging.WARNING, "here.py", 1, message, args, error)
    made.created = MOMENT.timestamp()
    return made


def raised(words):
    try:
        raise ValueError(words)
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize("formatter", [OURS, OF_CELERY])
def test_each_record_says_its_moment_with_the_zone(formatter):
    text = formatter.format(record("here"))
    stamp = re.match(r"\[?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d)", text)[1]
    assert datetime.fromisoformat(stamp) == MOMENT


def test_control_a_formatter_of_the_library_says_no_zone():
    text = logging.Formatter("%(asctime)s").format(record("here"))
    assert not re.search(r"[+-]\d\d:?\d\d$", text)


def test_gunicorn_says_the_zone_of_its_own():
    assert RedactingLogger.datefmt == "[%Y-%m-%d %H:%M:%S %z]"
    assert "%(t)s" in Config().access_log_format
    now = RedactingLogger.now(RedactingLogger.__new__(RedactingLogger))  # a whole one would have handlers of its own
    assert re.fullmatch(r"\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]", now)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_line_end_in_what_was_typed_ends_no_line(end):
    text = OURS.format(record("no login %s", f"anna{end}{FORGED}"))
    assert len(text.splitlines()) == 1
    assert text.endswith(FORGED)
    assert end.encode("unicode_escape").decode() in text


@pytest.mark.parametrize("sign", ["\x00", "\x1b[2J", "\x08", "\x7f", "\u202e", "\u2066"])
def test_signs_that_hide_what_stands_there_are_written_out(sign):
    text = OURS.format(record("no login %s", f"anna{sign}"))
    assert sign not in text
    assert sign[0].encode("unicode_escape").decode() in text


def test_what_an_error_quotes_is_indented():
    lines = OURS.format(record("failed", error=raised(f"bad value\n{FORGED}\r{FORGED}"))).splitlines()
    assert [line for line in lines[1:] if not line.startswith("    ")] == []
    assert lines[0].endswith("WARNING clinic failed")
    assert any(FORGED in line for line in lines[1:])


def test_control_a_formatter_of_the_library_lets_a_record_be_forged():
    text = logging.Formatter("%(asctime)s %(message)s").format(record("no login %s", f"anna\n{FORGED}"))
    assert FORGED in text.splitlines()


def test_russian_tabs_and_per_cents_stay():
    assert OURS.format(record("готово\t100 % — «да»")).endswith("готово\t100 % — «да»")


def test_the_record_is_left_as_it_was():
    made = record("no login %s", "anna\nx")
    OURS.format(made)
    assert (made.msg, made.args, made.getMessage()) == ("no login %s", ("anna\nx",), "no login anna\nx")

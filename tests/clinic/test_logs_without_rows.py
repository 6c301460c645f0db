"""A row that the database refuses is quoted by it with all that stands there; no log has it (ASVS 16.2.5)."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import Error, transaction

from clinic.redaction import plain, redact
from patients.models import Patient
from tests import factories as make

pytestmark = pytest.mark.django_db
OURS = plain(fmt=settings.LOGGING["formatters"]["plain"]["fmt"], style="{")
NAME, NOTE = "Незабудкина", "первая строка\n\nвторая строка"


def refused(**columns):
    """Returns what the database says of a patient who cannot be written."""
    patient = make.patient(last_name=NAME)
    try:
        with transaction.atomic():
            Patient.objects.filter(pk=patient.pk).update(note=NOTE, **columns)
    except Error:
        return sys.exc_info()
    raise AssertionError("it was written")


def line(message, *args, error=None, formatter=OURS):
    return formatter.format(logging.LogRecord("clinic", logging.ERROR, "here.py", 1, message, args, error))


def test_neither_the_message_nor_the_traceback_has_a_row():
    error = refused(birth_date=None)
    for text in (line("failed", error=error), line("failed: %s", error[1]), line("failed: %r", error[1])):
        assert "null value in column" in text
        assert [words for words in (NAME, "вторая строка") if words in text] == []


def test_control_a_formatter_of_the_library_has_it():
    assert NAME in line("failed", error=refused(birth_date=None), formatter=logging.Formatter())


def test_what_comes_after_the_row_stays():
    text = line("failed", error=refused(birth_date=None))
    assert "The above exception was the direct cause" in text
    assert text.count("DETAIL:  …") == 2
    said = 'duplicate key\nDETAIL:  Key (phone)=(+79210001122) already exists.\nCONTEXT:  SQL function "x"\n'
    assert redact(said) == 'duplicate key\nDETAIL:  …\nCONTEXT:  SQL function "x"\n'
    assert redact("ПОДРОБНОСТИ:  Ключ (+79210001122).\nПОДСКАЗКА:  нет") == "ПОДРОБНОСТИ:  …\nПОДСКАЗКА:  нет"


def test_pages_that_fail_by_it_log_no_row(client, monkeypatch, capsys):
    """The whole way: a page, Django's own record of the error, the handler of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OURS)
    logging.getLogger().addHandler(handler)
    client.raise_request_exception = False

    def fail(*_args, **_more):
        with transaction.atomic():
            Patient.objects.filter(pk=make.patient(last_name=NAME).pk).update(birth_date=None)

    monkeypatch.setattr("booking_site.site_view._asked", fail)
    try:
        assert client.get("/").status_code == 500
    finally:
        logging.getLogger().removeHandler(handler)
    written = capsys.readouterr().err
    assert "null value in column" in written
    assert NAME not in written

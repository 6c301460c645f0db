"""T25: the database takes no writes, or its disk is full. Pages are read, nothing typed is lost, nothing half done."""

import html
import logging
import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.models import Patient
from scheduling.models import Appointment
from tests import factories as make
from waitlist import matching

pytestmark = pytest.mark.django_db(transaction=True)

BROWSER = {"accept": "text/html"}
FULL = """
    CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
LOCK_TABLES = """
    SELECT format('CREATE TRIGGER is_full BEFORE INSERT OR UPDATE ON %s EXECUTE FUNCTION is_full()', oid::regclass)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@contextmanager
def read_only():
    run("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        run("SET default_transaction_read_only = off")


@contextmanager
def full_disk():
    """Makes every table answer a write as a full disk does."""
    run(FULL)
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TABLES)
        statements = [statement for (statement,) in cursor.fetchall()]
    run(";".join(statements))
    try:
        yield
    finally:
        run("DROP FUNCTION is_full() CASCADE")


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(params=[read_only, full_disk])
def no_writes(request):
    return request.param


@pytest.fixture
def desk(sign_in):
    desk = sign_in(Role.REGISTRAR)
    desk.raise_request_exception = False
    return desk


def shown_in(answer):
    return html.unescape(answer.content.decode())


def rows():
    return Patient.objects.count(), Appointment.objects.count(), AuditEvent.objects.count()


def test_todays_list_is_read_and_the_log_says_who_was_shown(desk, no_writes, caplog):
    visit = make.appointment()
    day = visit.starts_at.astimezone().date()
    with no_writes(), caplog.at_level(logging.WARNING, logger="foundation.audit.trail"):
        answers = [
            desk.get(f"{reverse('office:day')}?day={day}"),
            desk.get(reverse("office:patient", args=[visit.patient_id])),
        ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert visit.patient.last_name in shown_in(answers[1])
    assert f"staff:{desk.user.pk} at office:patient: {visit.patient_id}" in caplog.text
    assert visit.patient.last_name not in caplog.text
    assert not AuditEvent.objects.filter(action="patient.shown").exists()


def test_control_where_writes_are_taken_the_audit_says_it(desk):
    visit = make.appointment()
    desk.get(reverse("office:patient", args=[visit.patient_id]))
    assert AuditEvent.objects.filter(action="patient.shown", patient=visit.patient_id).count() == 1


def test_a_form_of_the_office_stays_on_the_page_and_is_sent_from_there(desk, no_writes):
    address, typed = (
        reverse("office:patient_new"),
        {"last_name": "Лунина", "first_name": "<Вера>", "phone": "+79211234567"},
    )
    before = rows()
    with no_writes():
        answer = desk.post(address, typed, headers=BROWSER)
    assert answer.status_code == 503
    assert "Сейчас ничего нельзя сохранить" in shown_in(answer)
    sent = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.content.decode()))
    assert {name: html.unescape(value) for name, value in sent.items()} == typed
    assert re.findall(r"<li>(.*?)</li>", answer.content.decode()) == [html.escape(value) for value in typed.values()]
    assert rows() == before


def test_a_visitor_is_told_to_phone(client, no_writes):
    slot = make.slots_of(make.shift(make.doctor()))[0]
    service = make.service()
    client.raise_request_exception = False
    before = rows()
    with no_writes():
        reading = client.get("/")
        taking = client.post(reverse("site:take"), {"slot": slot.pk, "service": service.pk}, headers=BROWSER)
    assert (reading.status_code, taking.status_code) == (200, 503)
    assert "8 (812) 317-78-21" in shown_in(taking)
    assert rows() == before


def test_nothing_is_repeated_of_a_password(desk, no_writes):
    typed = {"oldpassword": "former-word", "password1": "secret-word", "password2": "secret-word"}
    with no_writes():
        answer = desk.post(reverse("account_change_password"), typed, headers=BROWSER)
    assert "-word" not in shown_in(answer)


def test_readyz_is_true_about_it(client, no_writes):
    matching.match_freed()
    with no_writes():
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["writable"]) == (503, False)
    assert client.get("/readyz").status_code == 200


def test_who_signs_in_is_told_that_nothing_can_be_saved(client, no_writes):
    """It is no wrong password, and no try too many."""
    person = make.user(Role.REGISTRAR)
    client.raise_request_exception = False
    with no_writes():
        answer = client.post("/office/sign-in/", {"login": person.username, "password": "parol-12345"}, headers=BROWSER)
    assert (answer.status_code, "Сейчас ничего нельзя сохранить" in shown_in(answer)) == (503, True)

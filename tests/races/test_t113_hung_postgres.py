"""T113: Postgres hangs. Pages say so and give the phone, `/readyz` is red within three seconds, all heals by itself."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from tests import factories as make
from tests.races.line import Line
from tests.races.servers import free_port, own_broker, running, wait_until, web
from waitlist import matching

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PAGES = 40
READY_SECONDS = 3
THREADS = 8


@contextmanager
def clinic(**variables):
    make.shift(make.doctor())
    matching.match_freed()
    port, line = free_port(), Line()
    try:
        with own_broker() as broker, running(web(broker, port, DATABASE_URL=line.url, **variables)):
            wait_until(lambda: ask(port, "/readyz")[0] == 200, seconds=30)
            with ThreadPoolExecutor(THREADS) as people:  # the pool grows to what so many need at once
                assert set(people.map(lambda _: ask(port, "/book/")[0], range(PAGES))) == {200}
            yield port, line
    finally:
        line.close()


def ask(port, path, *, seconds=30, cookie=""):
    """Returns the status and the text; 0 while nobody answers."""
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        browser.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = browser.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        browser.close()


def test_pages_say_so_and_all_heals_when_the_database_goes_on():
    with clinic() as (port, line), ThreadPoolExecutor(3 * THREADS) as people:
        line.hang()
        began = time.monotonic()
        answers = list(people.map(lambda _: ask(port, "/book/"), range(3 * PAGES)))
        each = (time.monotonic() - began) / 5
        assert {status for status, _text in answers} == {503}
        assert all("8 (812) 317-78-21" in text and "Сейчас запись не работает" in text for _status, text in answers)
        assert each < READY_SECONDS, "threads wait one after another"
        assert ask(port, "/readyz", seconds=READY_SECONDS)[0] == 503
        assert ask(port, "/healthz", seconds=1)[0] == 200
        line.go_on()
        wait_until(lambda: ask(port, "/readyz")[0] == 200, seconds=10)
        assert {ask(port, "/book/")[0] for _ in range(PAGES)} == {200}


@pytest.mark.long
def test_readyz_is_the_first_to_learn_of_it():
    with clinic() as (port, line):
        line.hang()
        status, _text = ask(port, "/readyz", seconds=READY_SECONDS)
        line.go_on()
    assert status == 503


@pytest.mark.long
def test_one_slow_statement_is_the_outage_of_its_page_alone():
    """A lock that the limits of Postgres do not end stands for a statement that takes too long."""
    with clinic(DB_LIMITS="-c lock_timeout=0") as (port, _line), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        assert ask(port, "/office/sign-in/", cookie="sessionid=0123456789abcdefghij")[0] == 503
        assert {ask(port, "/book/")[0] for _ in range(THREADS)} == {200}


@pytest.mark.long
def test_control_without_patience_readyz_is_silent():
    with clinic(DJANGO_SETTINGS_MODULE="tests.races.waiting_settings") as (port, line):
        line.hang()
        status, _text = ask(port, "/readyz", seconds=2 * READY_SECONDS)
        line.go_on()
    assert status == 0

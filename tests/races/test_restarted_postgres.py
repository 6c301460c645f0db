"""Postgres was restarted: the pool's connections are dead, and nobody at a screen learns of it."""

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests import factories as make
from tests.races.servers import free_port, own_broker, running, wait_until, web

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PAGES = 40


def test_a_page_after_a_restart_of_postgres_is_answered():
    assert statuses_after_a_restart() == {200}


def test_without_the_check_pages_fail():
    """The negative control: the same server, whose pool does not ask a connection before it is used."""
    assert 503 in statuses_after_a_restart(DJANGO_SETTINGS_MODULE="tests.races.unchecked_settings")


def statuses_after_a_restart(**variables: str) -> set[int]:
    make.shift(make.doctor())
    port = free_port()
    with own_broker() as broker, running(server := web(broker, port, **variables)):
        wait_until(lambda: status(port) == 200, seconds=30)
        with ThreadPoolExecutor(8) as people:  # the pool grows to what so many need at once
            assert set(people.map(lambda _: status(port), range(PAGES))) == {200}
            assert end_connections_of(server.name) > 0
            return set(people.map(lambda _: status(port), range(PAGES)))


def status(port: int) -> int:
    """Returns what the page of a specialty answers; 0 while nobody answers."""
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        browser.request("GET", "/book/")
        return browser.getresponse().status
    except ConnectionError:
        return 0
    finally:
        browser.close()


def end_connections_of(name: str) -> int:
    """Ends the connections of one server, as a restart ends those of all; returns how many."""
    mine = "FROM pg_stat_activity WHERE application_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(pg_terminate_backend(pid)) {mine}", [name])
        (ended,) = cursor.fetchone()
    wait_until(lambda: not left(mine, name), seconds=10)
    return ended


def left(mine: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 {mine}", [name])
        return cursor.fetchone() is not None

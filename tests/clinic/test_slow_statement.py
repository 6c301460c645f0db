"""One statement without an answer is the outage of its own page: others are asked for, and answered."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from psycopg_pool import PoolTimeout

from foundation.database import breaker
from foundation.database.patience import NoAnswer
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/office/sign-in/"


@pytest.fixture(autouse=True)
def door():
    make.shift(make.doctor())
    yield
    breaker.is_there()


@pytest.fixture
def people(client):
    client.raise_request_exception = False
    client.cookies["sessionid"] = "0123456789abcdefghij"
    return client


@contextmanager
def failing(cause):
    """Fails each statement of a page as `PatientConnection` does: the connection is of no use any more."""

    def fail(execute, sql, *rest):
        connection.connection.close()
        raise OperationalError(str(cause)) from cause

    with connection.execute_wrapper(fail):
        yield
    connection.close()


def test_other_requests_are_answered_after_one_slow_statement(people):
    with failing(NoAnswer("the database has not answered within 6 s")):
        assert people.get(PAGE).status_code == 503
    assert people.get(PAGE).status_code == 200


def test_a_statement_without_an_answer_closes_the_door_when_nobody_else_has_one(people, monkeypatch):
    def refuse():
        raise OperationalError

    with failing(NoAnswer("the database has not answered within 6 s")):
        connection.ensure_connection()
        monkeypatch.setattr(connection, "connect", refuse)
        assert people.get(PAGE).status_code == 503
    monkeypatch.undo()
    assert people.get(PAGE).status_code == 503
    assert people.get("/readyz").json()["database"] is True
    assert people.get(PAGE).status_code == 200


def test_a_pool_that_gives_no_connection_closes_the_door(people):
    with failing(PoolTimeout("no connection within 2 s")):
        assert people.get(PAGE).status_code == 503
    assert people.get(PAGE).status_code == 503

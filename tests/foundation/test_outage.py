"""Errors of the database that are an outage, and those that are the product's own."""

import socket
import time

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from psycopg import errors
from psycopg_pool import PoolTimeout

from foundation.database import breaker, patience
from foundation.database.outage import Outage, outage_of
from foundation.database.patience import NoAnswer, PatientConnection


def raised(kind, cause):
    """Returns an error as Django hands it on."""
    error = kind("told")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (raised(OperationalError, psycopg.OperationalError("server closed the connection unexpectedly")), Outage.AWAY),
        (raised(OperationalError, errors.AdminShutdown()), Outage.AWAY),
        (raised(OperationalError, errors.CannotConnectNow()), Outage.AWAY),
        (raised(InterfaceError, psycopg.InterfaceError("connection already closed")), Outage.AWAY),
        (raised(OperationalError, PoolTimeout("couldn't get a connection")), Outage.SILENT),
        (NoAnswer("the database has not answered"), Outage.SILENT),
        (raised(ProgrammingError, errors.ReadOnlySqlTransaction()), Outage.READ_ONLY),
        (raised(OperationalError, errors.DiskFull()), Outage.FULL),
        (raised(OperationalError, errors.QueryCanceled()), Outage.BUSY),
        (raised(OperationalError, errors.LockNotAvailable()), Outage.BUSY),
        (raised(IntegrityError, errors.UniqueViolation()), None),
        (raised(DataError, errors.StringDataRightTruncation()), None),
        (raised(ProgrammingError, errors.UndefinedTable()), None),
        (raised(OperationalError, errors.DeadlockDetected()), None),
        (ZeroDivisionError(), None),
        (None, None),
    ],
)
def test_kinds_of_outage(error, outage):
    assert outage_of(error) is outage


@pytest.fixture
def silent_server(tmp_path):
    """Takes a connection in, as Postgres does, and then says nothing."""
    ready = b"R\0\0\0\x08\0\0\0\0" + b"Z\0\0\0\x05I"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / ".s.PGSQL.5432"))
        door.listen()
        door.settimeout(10)

        def connect():
            import threading

            taken = []

            def take():
                near, _address = door.accept()
                near.recv(1000)
                near.sendall(ready)
                taken.append(near)

            thread = threading.Thread(target=take)
            thread.start()
            connection = PatientConnection.connect(host=str(tmp_path), user="clinic", sslmode="disable")
            thread.join()
            return connection, taken[0]

        yield connect


def test_a_server_that_says_nothing_is_not_waited_for_without_end(silent_server, monkeypatch):
    monkeypatch.setattr(PatientConnection, "_seconds", 0.2)
    connection, server = silent_server()
    with server:
        with pytest.raises(NoAnswer, match=r"the database has not answered within 0\.2 s"):
            connection.cursor().execute("SELECT 1")
        assert connection.closed


def test_the_check_of_the_pool_has_less_patience(silent_server, monkeypatch):
    monkeypatch.setattr(patience, "CHECK_SECONDS", 0.1)
    connection, server = silent_server()
    with server, pytest.raises(NoAnswer, match=r"within 0\.1 s"):
        connection.execute("")


def test_while_it_is_away_one_a_moment_tries_for_all(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert [breaker.may_try() for _ in range(2)] == [True, True]
    breaker.is_away()
    assert breaker.may_try() is False
    now[0] += breaker.MOMENT
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]
    breaker.is_there()
    assert [breaker.may_try() for _ in range(2)] == [True, True]

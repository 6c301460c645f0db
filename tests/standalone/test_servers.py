import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from standalone import postgres, processes, valkey

pytestmark = pytest.mark.embedded


@pytest.fixture
def folder():
    """Returns a folder other than tmp_path, because under root the server's user has to reach it."""
    path = Path(tempfile.mkdtemp(prefix="clinic-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def connect(server):
    return psycopg.connect(server.url.replace("postgres://", "postgresql://"), autocommit=True)


def test_postgres_keeps_committed_rows_over_a_kill(folder):
    server = postgres.start(folder / "pg")
    with connect(server) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('Ёлкина')")
    os.kill(server.pid, signal.SIGKILL)
    server.process.wait()

    again = postgres.start(folder / "pg")
    try:
        with connect(again) as connection:
            assert connection.execute("select lower(word) from kept").fetchone() == ("ёлкина",)
    finally:
        again.stop()
    assert not processes.is_alive(again.pid)
    assert list((folder / "pg").glob(".s.PGSQL*")) == []


def test_postgres_takes_over_from_an_orphan(folder):
    orphan = postgres.start(folder / "pg", fast=True)
    server = postgres.start(folder / "pg", fast=True)
    try:
        assert orphan.process.wait(5) == 0
        with connect(server) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        server.stop()


def test_valkey_keeps_its_queue_over_a_stop_and_takes_over_from_an_orphan(tmp_path):
    first = valkey.start(tmp_path)
    with redis.Redis(unix_socket_path=str(tmp_path / valkey.SOCKET)) as client:
        client.lpush("queue", "task")
    second = valkey.start(tmp_path)
    try:
        assert first.process.wait(5) == 0
        assert second.url == first.url
        with redis.Redis(unix_socket_path=str(tmp_path / valkey.SOCKET)) as client:
            assert client.lrange("queue", 0, -1) == [b"task"]
    finally:
        second.stop()


def test_hung_valkey_can_be_stopped(tmp_path):
    server = valkey.start(tmp_path)
    os.kill(server.pid, signal.SIGSTOP)
    server.stop()
    assert not processes.is_alive(server.pid)

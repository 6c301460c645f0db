"""The broker is known to be there or not within half a second, whatever has become of it (T12, T13)."""

import socket
import time

import pytest
from celery import current_app

from foundation.background import broker


@pytest.fixture
def broker_at(monkeypatch):
    return lambda url: monkeypatch.setattr(current_app.conf, "broker_url", url)


@pytest.fixture
def port():
    """Somebody listens there and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


def test_a_broker_that_is_there_answers():
    assert broker.is_available()


def test_a_broker_that_hangs_is_not_waited_for(broker_at, port):
    broker_at(f"redis://127.0.0.1:{port}/0")
    started = time.monotonic()
    assert not broker.is_available()
    assert time.monotonic() - started >= broker.TIMEOUT


@pytest.mark.parametrize("url", ["redis+socket:///nowhere/valkey.sock?virtual_host=0", "redis://127.0.0.1:1/0"])
def test_a_broker_that_is_away_is_away(broker_at, url):
    broker_at(url)
    assert not broker.is_available()

"""The load generator against a server of a few lines that closes connections as it likes."""

import socketserver
import threading
from collections import Counter
from contextlib import contextmanager

import pytest

from bench import client

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlast"


@contextmanager
def server(*answers: bytes):
    """Starts a server that gives each connection these answers, one a request, and closes it."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            for answer in answers:
                if not self.request.recv(1000):
                    return
                for part in (answer[:20], answer[20:]):
                    self.request.sendall(part)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 50

    with Server(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running.server_address[1]
        finally:
            running.shutdown()
            thread.join()


def test_all_requests_are_answered_by_several_lanes():
    with server(*[OK] * 100) as port:
        found = client.drive(port, [REQUEST] * 60, concurrency=8)
    assert (found.statuses, len(found.latencies), found.size) == (Counter({200: 60}), 60, 2)
    assert found.rate > 0


def test_connection_that_says_it_closes_is_opened_anew():
    with server(OK, LAST) as port:
        found = client.drive(port, [REQUEST] * 9)
    assert found.statuses == Counter({200: 9})


def test_request_on_a_connection_closed_without_a_word_is_sent_again():
    with server(OK, EMPTY) as port:
        found = client.drive(port, [REQUEST] * 7, concurrency=2)
    assert sum(found.statuses.values()) == 7


def test_server_that_never_answers_is_refused():
    with server() as port, pytest.raises(client.Unexpected):
        client.drive(port, [REQUEST])


def test_at_most_so_many_are_sent():
    with server(*[OK] * 100) as port:
        assert len(client.drive(port, iter([REQUEST] * 50), most=5).latencies) == 5


def test_time_ends_a_window():
    def forever():
        while True:
            yield REQUEST

    with server(*[OK] * 100_000) as port:
        found = client.drive(port, forever(), concurrency=2, seconds=0.1)
    assert 0.1 <= found.seconds < 5


@pytest.mark.parametrize("part", [b"HTTP/1.1 200 OK\r\nContent-Le", OK[:-1]])
def test_answer_is_none_until_it_is_whole(part):
    assert client.parse(part) is None


def test_answer_without_a_length_is_refused():
    with pytest.raises(client.Unexpected):
        client.parse(b"HTTP/1.1 200 OK\r\n\r\nhello")

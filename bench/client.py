"""A small load generator: requests are bytes made beforehand, connections stay open, one loop drives them all.

Closed loop: each of `concurrency` lanes sends its next request when the former is answered.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

TIMEOUT = 60.0
EMPTY = (b"204", b"304")


@dataclass
class Sample:
    """The measurements of one window. Latencies in milliseconds."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    size: int = 0
    """Bytes of the last body."""

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def require(self, *statuses: int) -> "Sample":
        """Checks the answers. Raises Unexpected on any other: a page of errors is quick and measures nothing."""
        if not self.latencies or set(self.statuses) - set(statuses):
            raise Unexpected(f"ожидались ответы {statuses}, пришли {dict(self.statuses)}")
        return self


class Unexpected(Exception):
    """The servers answered something else than what is measured."""


class Lane:
    """One connection and the request that is under way on it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fresh = True

    def send(self, request: bytes) -> None:
        self.request, self.received, self.begun = request, b"", time.perf_counter()
        try:
            self.socket.sendall(request)
        except OSError:
            self.again()

    def again(self) -> None:
        """Sends the request on a new connection after the server has closed an idle one."""
        if self.fresh:
            raise Unexpected("сервер закрыл соединение без ответа")
        self.socket.close()
        self.connect()
        self.received = b""
        self.socket.sendall(self.request)

    def read(self) -> "Answer | None":
        """Returns the whole answer, or None while a part of it is missing."""
        try:
            part = self.socket.recv(262_144)
        except ConnectionError:
            part = b""
        if not part:
            if self.received:
                raise Unexpected("соединение оборвалось посреди ответа")
            self.again()
            return None
        self.received += part
        answer = parse(self.received)
        if answer:
            self.fresh = False
            if answer.closes:
                self.socket.close()
                self.connect()
        return answer


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes
    closes: bool = False


def parse(received: bytes) -> Answer | None:
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = received[:end], received[end + 4 :]
    names, status = head.lower(), head[9:12]
    closes = b"\r\nconnection: close" in names
    if status in EMPTY:
        return Answer(int(status), head, b"", closes)
    if (at := names.find(b"\r\ncontent-length:")) >= 0:
        length = int(names[at + 17 :].split(b"\r\n", 1)[0])
        return Answer(int(status), head, body[:length], closes) if len(body) >= length else None
    if b"\r\ntransfer-encoding: chunked" in names:
        return Answer(int(status), head, body, closes) if body.endswith(b"0\r\n\r\n") else None
    raise Unexpected("у ответа нет длины")


def drive(
    port: int, requests: Iterable[bytes], *, concurrency: int = 1, seconds: float | None = None, most: int | None = None
) -> Sample:
    """Sends `requests` until they end, `seconds` are over or `most` were sent. Connecting is not counted."""
    sample, waiting = Sample(), iter(requests)
    with selectors.DefaultSelector() as selector:
        lanes = [Lane(port) for _ in range(concurrency)]
        try:
            _drive(selector, lanes, _limited(waiting, seconds, most), sample)
        finally:
            for lane in lanes:
                lane.socket.close()
    return sample


def _limited(requests: Iterator[bytes], seconds: float | None, most: int | None) -> Iterator[bytes]:
    end = time.perf_counter() + seconds if seconds else None
    for number, request in enumerate(requests):
        if (end and time.perf_counter() >= end) or number == most:
            return
        yield request


def _drive(selector: selectors.BaseSelector, lanes: list[Lane], requests: Iterator[bytes], sample: Sample) -> None:
    begun = time.perf_counter()
    busy = sum(_start(selector, lane, requests) for lane in lanes)
    while busy:
        ready = selector.select(TIMEOUT)
        if not ready:
            raise Unexpected("нет ответа целую минуту")
        for key, _events in ready:
            lane, watched = key.data, key.fileobj
            answer = lane.read()
            if answer:
                sample.latencies.append((time.perf_counter() - lane.begun) * 1000)
                sample.statuses[answer.status] += 1
                sample.size = len(answer.body)
            if answer or lane.socket is not watched:
                selector.unregister(watched)
            if answer:
                busy -= not _start(selector, lane, requests)
            elif lane.socket is not watched:
                selector.register(lane.socket, selectors.EVENT_READ, lane)
    sample.seconds = time.perf_counter() - begun


def _start(selector: selectors.BaseSelector, lane: Lane, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is None:
        return False
    lane.send(request)
    selector.register(lane.socket, selectors.EVENT_READ, lane)
    return True


def once(port: int, request: bytes) -> Answer:
    lane = Lane(port)
    try:
        lane.send(request)
        while (answer := lane.read()) is None:
            pass
        return answer
    finally:
        lane.socket.close()

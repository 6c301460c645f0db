"""Sends requests all at the same moment, each on a connection of its own."""

import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.client import Answer, Lane, Unexpected

PATIENCE = 60.0
NOTHING = Answer(0, b"", b"")
"""The connection broke, or nothing came in PATIENCE seconds."""


@dataclass(frozen=True)
class Shot:
    answer: Answer
    ms: float


def fire(port: int, requests: Sequence[bytes]) -> list[Shot]:
    """Returns the answers in the order of the requests. A request that is not answered is told, not raised."""
    lanes = [Lane(port) for _ in requests]
    shots: dict[int, Shot] = {}
    try:
        with selectors.DefaultSelector() as selector:
            for number, (lane, request) in enumerate(zip(lanes, requests, strict=True)):
                lane.send(request)
                selector.register(lane.socket, selectors.EVENT_READ, number)
            _collect(selector, lanes, shots)
    finally:
        for lane in lanes:
            lane.socket.close()
    return [shots.get(number) or Shot(NOTHING, PATIENCE * 1000) for number in range(len(lanes))]


def _collect(selector: selectors.BaseSelector, lanes: Sequence[Lane], shots: dict[int, Shot]) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(shots) < len(lanes) and (left := deadline - time.monotonic()) > 0:
        for key, _events in selector.select(left):
            lane = lanes[key.data]
            try:
                answer = lane.read()
            except (Unexpected, OSError):
                answer = NOTHING
            if answer:
                shots[key.data] = Shot(answer, (time.perf_counter() - lane.begun) * 1000)
                selector.unregister(key.fileobj)

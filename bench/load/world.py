"""State that all simulated people of one Locust process share."""

import json
import os
import time
from collections import Counter, defaultdict
from itertools import count
from pathlib import Path

import gevent
import psycopg

from bench import codes

BRIEF = json.loads(Path(os.environ["BENCH_BRIEF"]).read_text(encoding="utf-8"))
RATE = float(os.environ["BENCH_RATE"])


class Turns:
    """Paces requests evenly whatever the answers take, as long as a person is free to send one."""

    def __init__(self, rate: float) -> None:
        self.pause, self.next = 1 / rate, time.monotonic()

    def wait(self) -> float:
        """Waits for the next turn and returns its moment."""
        self.next = mine = max(self.next + self.pause, time.monotonic())
        gevent.sleep(max(0.0, mine - time.monotonic()))
        return mine


class Notes:
    """Records what was answered and what was promised: the database is asked about it afterwards."""

    def __init__(self) -> None:
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.appointments: list[str] = []
        self.tokens: list[str] = []
        self.cancelled: list[str] = []
        self.first = self.last = 0.0

    def answered(self, name: str, status: int, *, begun: float) -> None:
        self.statuses[name][status] += 1
        self.first, self.last = self.first or begun, max(self.last, begun)

    def promised(self, address: str) -> str:
        """Notes the visit at `/v/<token>/` or `/office/appointments/<id>/` as promised and returns its key."""
        key = address.rstrip("/").rpartition("/")[2]
        (self.tokens if address.startswith("/v/") else self.appointments).append(key)
        return key

    def save(self) -> None:
        everything = {
            "statuses": {name: dict(found) for name, found in self.statuses.items()},
            "appointments": self.appointments,
            "tokens": self.tokens,
            "cancelled": self.cancelled,
            "seconds": self.last - self.first,
        }
        Path(os.environ["BENCH_NOTES"]).write_text(json.dumps(everything, ensure_ascii=False), encoding="utf-8")


class Phones:
    """The codes that have arrived."""

    def __init__(self) -> None:
        self._database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self._numbers = count(1)

    def new(self) -> str:
        return f"+7997{next(self._numbers):07d}"

    def code_of(self, phone: str) -> str:
        return codes.code_in(self._database.execute(codes.LAST, [phone]).fetchone())


TURNS, NOTES, PHONES = Turns(RATE), Notes(), Phones()

"""Counts the test runs that are going on: each holds a numbered lock, which its death gives back.

The door is held while a run comes in and while the servers are ended, so that nobody joins servers that are leaving.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from standalone.speech import say


@dataclass(frozen=True)
class Run:
    number: int
    """The lowest that was free; what an interrupted run of this number left behind may be thrown away."""
    lock: int
    """The lock's file descriptor, inherited by the process that does the work."""

    @property
    def name(self) -> str:
        """A name of its own for what the run makes on the servers: `<number>_<process>`."""
        return f"{self.number}_{os.getpid()}"


@contextmanager
def door(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = _open(folder / "door.lock")
    try:
        if not _take(lock):
            say("Жду: другой запуск проверок готовит серверы")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def enter(folder: Path) -> Run:
    """Comes in under the lowest free number. Hold the door."""
    (folder / "runs").mkdir(exist_ok=True)
    for number in count(1):
        lock = _open(folder / "runs" / f"{number}.lock")
        if _take(lock):
            os.set_inheritable(lock, True)
            return Run(number, lock)
        os.close(lock)
    raise AssertionError("numbers do not end")


def are_going_on(folder: Path) -> bool:
    return any(_is_held(file) for file in (folder / "runs").glob("*.lock"))


def _is_held(file: Path) -> bool:
    lock = _open(file)
    try:
        return not _take(lock)
    finally:
        os.close(lock)


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Measures the lag of the replica: a thread of each web process looks once a second, so no request waits for it.

Positions are byte numbers in the write-ahead log: what the replica has replayed can be compared with what was written.
"""

import logging
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

log = logging.getLogger(__name__)

REPLICA = "replica"
PAUSE = 1.0
READ_SECONDS = 1.0
"""Seconds that a read of the replica may take before its connection is cut."""
WRITTEN = "SELECT pg_current_wal_insert_lsn() - '0/0'"
REPLAYED = "SELECT coalesce(pg_last_wal_replay_lsn() - '0/0', -1)"  # no position: not a replica, never fresh


@dataclass(frozen=True, slots=True)
class ReplicaState:
    position: int
    """The replica has replayed the log up to here."""
    as_of: float
    """Monotonic time: whatever was written on the primary before it is on the replica."""


class Marks:
    """The primary's log positions with their moments, for as long back as the replica may lag."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._marks: deque[tuple[float, int]] = deque()

    def add(self, *, at: float, position: int) -> None:
        self._marks.append((at, position))
        while self._marks[0][0] < at - self._seconds:
            self._marks.popleft()

    def state(self, replayed: int) -> ReplicaState | None:
        """Returns how fresh the replica is, or None when it lags more than it may."""
        reached = [at for at, position in self._marks if position <= replayed]
        return ReplicaState(replayed, max(reached)) if reached else None


_state: ReplicaState | None = None
_thread: threading.Thread | None = None
_lock = threading.Lock()


def has_replayed(position: int) -> bool:
    """Tells whether the replica may be read by a browser that has written up to `position`."""
    _ensure_thread()
    state = _state
    return (
        state is not None and state.position >= position and _seconds_behind(state) <= settings.REPLICA_MAX_LAG_SECONDS
    )


def lag() -> float | None:
    """Returns the seconds behind the primary at most; None while the replica is not read."""
    _ensure_thread()
    state = _state
    return round(_seconds_behind(state), 1) if state is not None and has_replayed(0) else None


def stop_using(error: Error) -> None:
    """Stops using the replica after a failed read, until the thread has seen it again."""
    global _state
    _state = None
    log.warning("a read of the replica has failed: %s", error.__class__.__name__)


@contextmanager
def read_timeout() -> Iterator[None]:
    """Ends a read that takes too long: no setting of Postgres helps against a replica that hangs in mid-answer."""
    database = connections[REPLICA]
    database.ensure_connection()
    with database.wrap_database_errors:
        line = socket.socket(fileno=os.dup(database.connection.fileno()))
    timer = threading.Timer(READ_SECONDS, _hang_up, [line])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def written() -> int:
    """Returns the end of the primary's log, which is behind every commit this process has been told of."""
    return _ask(DEFAULT_DB_ALIAS, WRITTEN)


def _seconds_behind(state: ReplicaState) -> float:
    """Returns the seconds since the replica was last known to be fresh; it grows while the thread hears nothing new."""
    return time.monotonic() - state.as_of


def _ensure_thread() -> None:
    """Starts the thread in this process, because the one of a parent does not survive the fork."""
    global _thread
    if _thread is not None and _thread.is_alive():
        return
    with _lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_watch, name="replica", daemon=True)
            _thread.start()


def _watch() -> None:
    global _state
    marks, was = Marks(seconds=settings.REPLICA_MAX_LAG_SECONDS), False
    while True:
        state, why = None, "lags too much"
        try:
            state = _look(marks)
        except Error as error:
            why = error.__class__.__name__
            connections[REPLICA].close_pool()  # type: ignore[attr-defined]  # its connections lead to what is gone
        finally:
            connections.close_all()
        _state = state
        if was != (state is not None):
            was = not was
            log.warning("the replica is %s", "read" if was else f"not read: {why}")
        time.sleep(PAUSE)


def _look(marks: Marks) -> ReplicaState | None:
    at = time.monotonic()  # before the question: the mark holds for this moment at least
    marks.add(at=at, position=written())
    with read_timeout():
        return marks.state(_ask(REPLICA, REPLAYED))


def _ask(alias: str, question: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])

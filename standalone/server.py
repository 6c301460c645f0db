"""A child process with a log: how it is launched, and a handle to a running server."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from standalone import logs, processes
from standalone.speech import Refusal, tail

READY_SECONDS = 90
"""Two busy cores triple the time a server needs."""


class Launch(Protocol):
    def __call__(
        self, name: str, command: Sequence[object], *, log: Path, stop_with: int = ..., **options: Any
    ) -> subprocess.Popen[bytes]: ...


def launch(
    name: str, command: Sequence[object], *, log: Path, stop_with: int = signal.SIGTERM, **options: Any
) -> subprocess.Popen[bytes]:
    """Launches a child with a new log, in a session of its own.

    Ctrl-C reaches only the supervisor, which stops children in order.
    """
    logs.begin(log)
    return go_on(command, log=log, **options)


def go_on(command: Sequence[object], *, log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Launches a child that goes on in the log that is there."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]
    stop_with: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        stop(self.process, self.stop_with)


def stop(process: subprocess.Popen[bytes], stop_with: int) -> None:
    processes.end(process.pid, stop_with, alive=lambda _pid: process.poll() is None)
    process.wait()


def wait_ready(title: str, process: subprocess.Popen[bytes], answers: Callable[[], bool], *, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers():
        if process.poll() is not None:
            raise Refusal(f"{title} не запустился. Последние строки журнала {log}:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise Refusal(f"{title} не ответил за {READY_SECONDS} секунд. Журнал {log}:\n{tail(log)}")
        time.sleep(0.05)

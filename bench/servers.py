"""The clinic's own processes, started as `run.py serve` starts them, on a database of the bench."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from celery import current_app
from django.conf import settings

from bench import client
from standalone import processes, server
from standalone.serve import WEB, WORKER
from standalone.speech import Refusal, tail
from standalone.stack import python
from standalone.supervisor import ROOT

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Web:
    port: int
    pid: int
    starting: float
    """Seconds from its launch to the first answer."""

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def pids(self) -> list[int]:
        """The master and its workers."""
        return [self.pid, *children(self.pid)]


@dataclass(frozen=True)
class Background:
    pid: int

    @property
    def pids(self) -> list[int]:
        return [self.pid, *children(self.pid)]


@contextmanager
def web(
    kind: str, *, database: str, workers: int, threads: int, environment: Mapping[str, str], logs: Path
) -> Iterator[Web]:
    port = free_port()
    command = COMMANDS[kind](port, workers, threads)
    begun, log = time.perf_counter(), logs / "web.log"
    with running("web", command, log=log, environment={"DB_POOL": "1", **environment, "DATABASE_URL": database}) as it:
        server.wait_ready("Сайт", it, lambda: answers(port), log=log)
        yield Web(port, it.pid, time.perf_counter() - begun)


def gunicorn(port: int, workers: int, threads: int) -> list[str]:
    """Returns the command of `run.py serve` with more options; of two equal ones the later holds."""
    number = ["--workers", workers, "--threads", threads]
    return python("gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket", *WEB, *number)


def unguarded(port: int, workers: int, threads: int) -> list[str]:
    return ["bench.unguarded" if word == "clinic.wsgi" else word for word in gunicorn(port, workers, threads)]


def granian(port: int, workers: int, threads: int) -> list[str]:
    number = ["--workers", workers, "--blocking-threads", threads]
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--no-ws", "--log-level", "warning"]
    return python("granian", *options, *number, "clinic.wsgi:application")


COMMANDS = {"gunicorn": gunicorn, "granian": granian, "unguarded": unguarded}


@contextmanager
def worker(*, database: str, environment: Mapping[str, str], logs: Path) -> Iterator[Background]:
    """Starts workers on an empty queue: what earlier parts left there is nobody's business now."""
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_purge(settings.CELERY_TASK_DEFAULT_QUEUE)
    command = python("celery", "-A", "clinic", "worker", *WORKER, "--loglevel", "info")
    log = logs / "worker.log"
    with running("worker", command, log=log, environment={**environment, "DATABASE_URL": database}) as it:
        server.wait_ready("Обработчик задач", it, lambda: "ready." in log.read_text(errors="replace"), log=log)
        yield Background(it.pid)


@contextmanager
def beat(*, database: str, environment: Mapping[str, str], logs: Path) -> Iterator[Background]:
    command = python("celery", "-A", "clinic", "beat", "-s", logs / "beat-schedule", "--pidfile=", "-l", "warning")
    with running("beat", command, log=logs / "beat.log", environment={**environment, "DATABASE_URL": database}) as it:
        yield Background(it.pid)


@contextmanager
def running(
    name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    everything = {**os.environ, **environment}
    process = server.launch(name, command, log=log, cwd=ROOT, env=everything, preexec_fn=_end_with_the_bench)
    try:
        yield process
    except client.Unexpected as error:
        raise Refusal(f"{error}. Последние строки журнала {log}:\n{tail(log)}") from error
    finally:
        server.stop(process, signal.SIGTERM)


def _end_with_the_bench() -> None:
    """Makes a server end with the bench, also when that is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def answers(port: int) -> bool:
    try:
        return client.once(port, HEALTH).status == 200
    except (OSError, client.Unexpected):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for file in lists for child in file.read_text().split()]
    return [child for child in found if processes.is_alive(child)]

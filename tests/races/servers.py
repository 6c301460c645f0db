"""A broker, workers and a beat of the test's own, on the test's database."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import kombu.pools
from celery import current_app
from django.conf import settings
from django.db import connection

from foundation.background import wakeups
from standalone import valkey
from standalone.server import Server

HANGS = 300
"""Seconds after which whatever has not moved hangs: no machine is so slow."""


class Broker:
    """A broker that is stopped and started on one folder, so that its address stays."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clinic-broker-"))
        self.start()

    def start(self) -> None:
        self.server: Server | None = valkey.start(self.folder)
        self.url = self.server.url

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        self.server = None

    def hang(self) -> None:
        os.kill(self.server.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.kill(self.server.pid, signal.SIGCONT)


@contextmanager
def own_broker() -> Iterator[Broker]:
    """Sends wake-ups of this process to a broker that the test may stop."""
    broker, before = Broker(), current_app.conf.broker_url
    try:
        publish_to(broker.url)
        yield broker
    finally:
        if broker.server is None:
            broker.start()
        broker.wake()
        assert wakeups.drain(seconds=30)
        publish_to(before)
        broker.stop()
        shutil.rmtree(broker.folder)


def publish_to(url: str) -> None:
    current_app.conf.broker_url = url
    current_app._pool = current_app.amqp._producer_pool = None
    kombu.pools.reset()


class Process:
    """A Celery worker, a beat or a web server in a process group of its own."""

    def __init__(self, broker: Broker, module: str, *arguments: str, **variables: str) -> None:
        self.name = f"{module}-{os.urandom(4).hex()}"
        self.log = broker.folder / f"{self.name}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=environment(broker) | {"PGAPPNAME": self.name} | variables,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "ready" in self.log.read_text()

    def freeze(self) -> None:
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def worker(broker: Broker) -> Process:
    quiet = ("--without-mingle", "--without-gossip", "--without-heartbeat")
    return Process(broker, "celery", "-A", "clinic", "worker", "--pool", "solo", "--loglevel", "info", *quiet)


def beat(broker: Broker, name: str = "beat") -> Process:
    return Process(broker, "celery", "-A", "clinic", "beat", "--schedule", str(broker.folder / name), "--pidfile", "")


def web(broker: Broker, port: int, **variables: str) -> Process:
    threads = ("--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "warning")
    return Process(broker, "gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{port}", *threads, DB_POOL="1", **variables)


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def environment(broker: Broker) -> dict[str, str]:
    database = connection.settings_dict
    host = database["HOST"].replace("%", "%25").replace("/", "%2F")
    login = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return os.environ | {
        "DATABASE_URL": f"postgres://{login}@{host}{port}/{database['NAME']}",
        "REDIS_URL": broker.url,
        "CALL_HOURS": "00:00-24:00,00:00-24:00",  # as in `everyday_settings`: tests run at any hour
        "PROPOSALS_AT_LEAST": "1000",  # and with nobody signed in
        "PROPOSAL_MINUTES": "600",
        "UNDO_SECONDS": "0",
        "SMS_ROUTES": "console",
        "CODES_PER_NETWORK_HOUR": "1000",  # all who race come from this machine
        "FORM_SECONDS": "0",
        "REQUESTS_PER_NETWORK_HOUR": "1000",
        "REQUESTS_PER_NETWORK_DAY": "1000",
        "HOLDS_PER_NETWORK": "1000",
        "HOLDS_PERCENT_OF_DAY": "100",
        "CODES_PER_NETWORK_DAY": "1000",
        "CODES_OF_ALL_PER_HOUR": "1000",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def every(seconds: float, action: Callable[[], object]) -> Iterator[None]:
    """Does it again and again in a thread of its own until the block ends."""
    done = threading.Event()

    def repeat() -> None:
        try:
            while not done.wait(seconds):
                action()
        finally:
            connection.close()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def wait_until(there: Callable[[], object], *, seconds: float) -> float:
    """Waits until it is so and returns after how many seconds."""
    started = time.monotonic()
    while not there():
        assert time.monotonic() - started < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - started


def wait_while_it_falls(left: Callable[[], int]) -> None:
    """Waits until nothing is left to do, however slow the machine is, as long as it becomes less."""
    least, since = left(), time.monotonic()
    while least:
        assert time.monotonic() - since < HANGS, f"{least} are left, and it does not become less"
        time.sleep(0.1)
        if (now := left()) < least:
            least, since = now, time.monotonic()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""Runs several database sessions at once: the server has more than one core."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

from django.db import connection
from psycopg import Error

WORKERS = 2
SETTINGS = {
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "synchronous_commit": "off",
    "jit": "off",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_parallel_maintenance_workers": "0",
}
Job = Callable[[], Any]
Progress = Callable[[int, int], object]
"""Called with how many jobs are done, of how many."""


def quiet(done: int, of: int) -> None:
    pass


@contextmanager
def patient_session() -> Iterator[None]:
    """Frees this thread's session from the limits of a web request and gives it memory for bulk work inside."""
    with connection.cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    try:
        yield
    finally:
        with suppress(Exception), connection.cursor() as cursor:  # a lost connection has nothing to put back
            for name in SETTINGS:
                cursor.execute(f"RESET {name}")


def run_parallel(jobs: Iterable[Job], *, done: Progress = quiet) -> None:
    """Runs the jobs, `WORKERS` at once, started in their order. The first error stops all of them and is raised."""
    crew = _Crew()
    with ThreadPoolExecutor(WORKERS) as pool:
        futures = [pool.submit(crew.run, job) for job in jobs]
        try:
            _watch(futures, done)
        except BaseException:
            crew.stop(futures)
            raise


def _watch(futures: Sequence[Future], done: Progress) -> None:
    waiting = set(futures)
    while waiting:
        finished, waiting = wait(waiting, timeout=0.5, return_when=FIRST_EXCEPTION)
        for future in finished:
            future.result()
        if finished:
            done(len(futures) - len(waiting), len(futures))


class _Crew:
    """The sessions that are at work, so that they can be told to stop."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.sessions: set[Any] = set()

    def run(self, job: Job) -> None:
        try:
            with patient_session():
                session = connection.connection
                with self.lock:
                    self.sessions.add(session)
                try:
                    job()
                finally:
                    with self.lock:
                        self.sessions.discard(session)
        finally:
            connection.close()

    def stop(self, futures: Sequence[Future]) -> None:
        for future in futures:
            future.cancel()
        with self.lock, suppress(Error):
            for session in self.sessions:
                session.cancel()

"""Wakes background tasks without making anybody wait.

Whatever must not be lost is a row that a sweep finds; a wake-up only shortens the wait. So a request hands the task's
name to a thread of its own process, which may lose it: a broker that is stopped or hung (T12, T13) costs the person at
the screen nothing.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import close_old_connections, connections, transaction

from foundation.background import broker

log = logging.getLogger(__name__)

Fallback = Callable[[], object]
PAUSE = 0.2
"""Seconds between two wake-ups of a process: those of the same task within that time are one."""
_waiting: dict[str, Fallback | None] = {}
_later: dict[str, threading.Timer] = {}
_called = threading.Condition()
_thread: tuple[int, threading.Thread] | None = None
_idle = threading.Event()


def after_commit(task: str, *, fallback: Fallback | None = None) -> None:
    """Sends `task` once the transaction is committed; runs `fallback` in the thread if the broker does not answer.

    The fallback is for what a person is waiting for right now, such as the code in an SMS. It runs `FALLBACK_SECONDS`
    later in any case, because a broker that is well may have no worker; it claims its rows as the task does, and finds
    nothing where a worker has been.
    """
    transaction.on_commit(partial(_put, task, fallback), robust=True)


def drain(*, seconds: float) -> bool:
    """Waits until all wake-ups are sent; returns False when that takes longer."""
    return _thread is None or _idle.wait(seconds)


def _put(task: str, fallback: Fallback | None) -> None:
    with _called:
        _idle.clear()
        _waiting[task] = fallback or _waiting.get(task)
        _ensure_thread()
        _called.notify()


def _ensure_thread() -> None:
    """Starts the thread in the process that first needs it, because threads do not survive a fork."""
    global _thread
    if _thread is None or _thread[0] != os.getpid() or not _thread[1].is_alive():
        thread = threading.Thread(target=_forward, name="wakeup", daemon=True)
        _thread = (os.getpid(), thread)
        thread.start()


def _forward() -> None:
    while True:
        with _called:
            while not _waiting:
                _idle.set()
                _called.wait()
            task, fallback = _waiting.popitem()
        published = _publish(task)
        if fallback is not None:
            (_run_later if published else _run)(task, fallback)
        time.sleep(PAUSE)


def _publish(task: str) -> bool:
    try:
        if broker.is_available():
            queue_name = settings.CELERY_TASK_DEFAULT_QUEUE
            current_app.send_task(task, queue=queue_name, retry=False, ignore_result=True, expires=60)
            return True
    except Exception as error:
        log.warning("wake-up of %s failed: %s", task, error.__class__.__name__)
    return False


def _run_later(task: str, fallback: Fallback) -> None:
    """Runs a fallback for all wake-ups of its task within the next seconds."""
    with _called:
        if task in _later or not settings.FALLBACK_SECONDS:
            return
        _later[task] = threading.Timer(settings.FALLBACK_SECONDS, _run, [task, fallback])
        _later[task].daemon = True
        _later[task].start()


def _run(task: str, fallback: Fallback) -> None:
    with _called:
        _later.pop(task, None)
    try:
        close_old_connections()
        fallback()
    except Exception:
        log.exception("fallback of a wake-up failed")
    finally:
        connections.close_all()

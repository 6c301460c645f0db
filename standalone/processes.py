"""Processes of this machine: whether one is alive, whether it is still the same one, how to end it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def born(pid: int) -> str:
    """Returns when the process started, to tell it from a later one with the same number; empty when it is gone."""
    try:
        return f"{_facts(pid)[19]} {_boot()}"
    except OSError:
        return _ps(pid, "lstart=")


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return _ps(pid, "args=")


def end(
    pid: int, gently: int = signal.SIGTERM, *, seconds: float = 20, alive: Callable[[int], bool] = is_alive
) -> None:
    """Asks the process to stop, then makes it, then takes what is left of its group."""
    for number in (gently, signal.SIGCONT):  # a suspended process hears nothing until it is woken
        _send(os.kill, pid, number)
    if not wait_gone(pid, seconds, alive):
        _send(os.kill, pid, signal.SIGKILL)
        wait_gone(pid, 5, alive)
    _send(os.killpg, pid, signal.SIGKILL)


def wait_gone(pid: int, seconds: float, alive: Callable[[int], bool] = is_alive) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _send(kill: Callable[[int, int], None], pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        kill(pid, number)


def _is_zombie(pid: int) -> bool:
    """Tells whether the process is dead but keeps its number, where nobody reaps orphans (a container without init)."""
    try:
        return _facts(pid)[0] == "Z"
    except (OSError, IndexError):
        return False


def _facts(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()


def _ps(pid: int, column: str) -> str:
    """Asks `ps` on machines without /proc; where there is one, a process that it does not show is gone."""
    if Path("/proc/self/stat").exists():
        return ""
    return subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True).stdout.strip()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return ""

"""A child of the supervisor: how it was started, and when it is started again after it has died."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

STEADY_SECONDS = 60
LONGEST_PAUSE = 8.0
"""Seconds. Whatever died is back within ten, unless it dies again and again."""


@dataclass
class Pauses:
    """Pauses before the next start: none after a steady life, then a second, doubled while it keeps dying young."""

    seconds: float = 0
    started: float = field(default_factory=time.monotonic)

    def after_death(self) -> float:
        steady = time.monotonic() - self.started > STEADY_SECONDS
        self.seconds = 0 if steady else min(max(1.0, 2 * self.seconds), LONGEST_PAUSE)
        return self.seconds

    def begin(self) -> None:
        self.started = time.monotonic()


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    start: Callable[[], subprocess.Popen[bytes]]
    stop_with: int
    log: Path | None = None
    pauses: Pauses = field(default_factory=Pauses)
    due: float | None = None
    """When it is started again, by the monotonic clock; None while it lives."""

    def is_dead(self) -> bool:
        return self.process.poll() is not None

    def bury(self) -> float:
        """Sets when it is started again, and returns the pause until then, in seconds."""
        pause = self.pauses.after_death()
        self.due = time.monotonic() + pause
        return pause

    def is_due(self) -> bool:
        return self.due is not None and time.monotonic() >= self.due

    def begin_again(self) -> None:
        """Starts it again. Raises OSError when the machine cannot."""
        self.pauses.begin()
        self.process = self.start()
        self.due = None

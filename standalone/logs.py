"""Logs of children: one file each, with its former ones beside it, the newest with the lowest number."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LONGEST = 10 * 2**20
"""Bytes. A log that has grown so long goes on in an empty file."""
KEPT = 5


def begin(log: Path) -> None:
    """Puts the log of the start before aside, and makes an empty one that only its owner may read."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log.exists():
        _make_room(log)
        log.replace(_former(log, 1))
    log.touch(mode=0o600)
    log.chmod(0o600)


def note(log: Path, line: str) -> None:
    with suppress(OSError), log.open("a", encoding="utf-8") as output:  # a full disk must not stop the supervisor
        output.write(line + "\n")


def cut(logs: Iterable[Path], *, longest: int = LONGEST) -> None:
    """Puts what is in the logs that have grown too long aside.

    The file itself stays, because a child has it open; what it writes between the copy and the cut is lost.
    """
    for log in logs:
        with suppress(OSError):  # a full disk must not stop the supervisor
            if log.stat().st_size > longest:
                _put_aside(log)


def _put_aside(log: Path) -> None:
    _make_room(log)
    former = _former(log, 1)
    former.touch(mode=0o600)
    try:
        shutil.copyfile(log, former)
    finally:
        with log.open("r+b") as output:
            output.truncate()


def _make_room(log: Path) -> None:
    """Numbers the former logs one higher; the oldest goes."""
    for number in range(KEPT - 1, 0, -1):
        with suppress(FileNotFoundError):
            _former(log, number).replace(_former(log, number + 1))


def _former(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")

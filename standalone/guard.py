"""Ends the children of a supervisor that was killed.

Reads `+ pid signal`, `= former pid signal` (one that was started again, in its place) and `- pid` lines from the
supervisor. When the pipe closes, whatever is still on the list is ended, the newest first. It inherits the supervisor's
lock, so the next start waits until it is done.
"""

import signal
import sys
from collections.abc import Iterable

from standalone import processes


def remaining(lines: Iterable[str]) -> dict[int, int]:
    """Returns pid → signal of the children that were announced and not taken back, oldest first."""
    children: dict[int, int] = {}
    for line in lines:
        sign, pid, *rest = line.split()
        if sign == "+":
            children[int(pid)] = int(rest[0])
        elif sign == "=":
            children = replaced(children, int(pid), int(rest[0]), int(rest[1]))
        else:
            children.pop(int(pid), None)
    return children


def replaced(children: dict[int, int], former: int, pid: int, number: int) -> dict[int, int]:
    return dict((pid, number) if one == former else (one, signal) for one, signal in children.items())


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    children = remaining(sys.stdin)
    for pid, gently in reversed(children.items()):
        if processes.is_alive(pid):
            processes.end(pid, gently)


if __name__ == "__main__":
    main()

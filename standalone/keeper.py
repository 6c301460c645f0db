"""Keeps the Postgres and the Valkey of the tests up until nobody has used them for half an hour.

`python -m standalone.keeper [idle seconds]`, started by `run.py test` and ended by `run.py test --stop`.
"""

import os
import sys
import time

from standalone import fresh, runs
from standalone.speech import Refusal, complain
from standalone.stack import Stack
from standalone.supervisor import ROOT, Stopped

IDLE_SECONDS = 30 * 60
LOOK_SECONDS = 1


def main(idle_seconds: float = IDLE_SECONDS) -> int:
    try:
        with Stack("test", tests=True, made_from=made_from()) as stack:
            keep(stack, idle_seconds)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except Stopped:
        pass
    return 0


def made_from() -> str:
    """Returns a mark that changes with the programs and options of the servers, and with the person's own servers."""
    own = [f"{name}={os.environ.get(name, '')}" for name in ("DATABASE_URL", "REDIS_URL", "PG_BIN")]
    return " ".join([fresh.digest([*ROOT.glob("standalone/*.py"), *ROOT.glob(".venv/installed-*")]), *own])


def keep(stack: Stack, idle_seconds: float) -> None:
    """Keeps the servers until nobody has used them for so long, or until the project's folder has been thrown away."""
    used = time.monotonic()
    while stack.claim.is_in_place():
        stack.supervisor.check()
        time.sleep(LOOK_SECONDS)
        if runs.are_going_on(stack.folder):
            used = time.monotonic()
        elif time.monotonic() - used > idle_seconds and leave(stack):
            return


def leave(stack: Stack) -> bool:
    with runs.door(stack.folder):
        if runs.are_going_on(stack.folder):
            return False
        stack.claim.withdraw()
    return True


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))

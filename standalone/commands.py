"""The commands of `run.py` once the environment is there: serve, dev, test, mutants, bench, backup, restore, manage."""

import os
import signal
import sys
from collections.abc import Callable

from standalone import claim, machine, made
from standalone.copies import backup, restore
from standalone.dev import dev
from standalone.environment import with_own_variables
from standalone.mutants import mutants
from standalone.serve import serve
from standalone.speech import Refusal, complain
from standalone.stack import Stack, python
from standalone.supervisor import ROOT, Stopped
from standalone.testing import test


def main() -> None:
    command, arguments = (sys.argv[1:2] or ["serve"])[0], sys.argv[2:]
    commands: dict[str, Callable[[], int]] = {
        "serve": serve,
        "dev": dev,
        "test": lambda: test(arguments),
        "mutants": lambda: mutants(arguments),
        "bench": lambda: bench(arguments),
        "backup": lambda: backup(arguments),
        "restore": lambda: restore(arguments),
        "manage": lambda: manage(arguments),
    }
    try:
        code = commands.get(command, lambda: manage([command, *arguments]))()
    except Refusal as refusal:
        complain(str(refusal))
        code = 1
    except (Stopped, KeyboardInterrupt):
        code = 0 if command in claim.SERVING else 130
    sys.exit(code)


def bench(arguments: list[str]) -> int:
    """Runs the measurements on servers of their own, as safe at a power cut as the clinic's; their data are kept."""
    with Stack("bench", place="bench", tuning=machine.tuning(), as_owner=True) as stack:
        made.compile_catalogues(stack.step)
        made.prepare(stack.step, stack.folder, *made.static_if_stale(stack.folder))
        environment = {**stack.environment, "DJANGO_SETTINGS_MODULE": "bench.settings", "DEMO": "0"}
        command = python("bench", "--state", stack.folder, *arguments)
        return stack.supervisor.foreground("bench", command, stop_with=signal.SIGINT, env=environment)


def manage(arguments: list[str]) -> int:
    """Runs a management command on the servers of a running clinic, or on servers that end with the command."""
    command = [sys.executable, "manage.py", *arguments]
    try:
        with Stack("manage") as stack:
            name = " ".join(["manage.py", *arguments[:1]])
            return stack.supervisor.foreground(name, command, stop_with=signal.SIGTERM, env=stack.environment)
    except claim.AlreadyRunning as running:
        if running.note.command not in claim.SERVING or not running.note.environment:
            raise
        os.chdir(ROOT)
        os.execve(sys.executable, command, with_own_variables(running.note.environment))

"""Runs pytest for `run.py test` on servers that stay up for the next run; in CI on servers that end with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from standalone import claim, keeper, made, processes, runs
from standalone.claim import GUARD_SECONDS, Note
from standalone.environment import with_own_variables
from standalone.server import READY_SECONDS
from standalone.speech import Refusal, say, tail
from standalone.stack import Stack, python, state_folder
from standalone.supervisor import ROOT


def test(arguments: list[str]) -> int:
    folder = state_folder(place="test")
    if arguments == ["--stop"]:
        return stop(folder)
    if os.environ.get("CI"):
        return test_once(folder, arguments)
    return test_on_kept_servers(folder, arguments)


def test_on_kept_servers(folder: Path, arguments: list[str]) -> NoReturn:
    """Becomes pytest: a signal, even a kill -9, ends the run and not the servers."""
    environment = on_kept_servers(folder)
    os.chdir(ROOT)
    os.execve(sys.executable, python("pytest", *arguments), environment)


def on_kept_servers(folder: Path) -> dict[str, str]:
    """Comes in as a run, with all that the tests need made, and returns the environment of pytest."""
    with runs.door(folder):
        environment = with_own_variables(kept(folder).environment)

        def step(name: str, command: list[str]) -> None:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, cwd=ROOT, env=environment)
            if done.returncode:
                raise Refusal(f"Не удалось: {name} (код {done.returncode}). Причина выше.")

        made.compile_catalogues(step)
        made.prepare(step, folder, *made.static_if_stale(folder))
        return for_pytest(environment, runs.enter(folder))


def test_once(folder: Path, arguments: list[str]) -> int:
    """Runs pytest and leaves nothing running."""
    with runs.door(folder):
        end_kept(folder)
        run = runs.enter(folder)
    with Stack("test", tests=True) as stack:
        made.compile_catalogues(stack.step)
        made.prepare(stack.step, folder, *made.static_if_stale(folder))
        command, environment = python("pytest", *arguments), for_pytest(stack.environment, run)
        return stack.supervisor.foreground("pytest", command, stop_with=signal.SIGINT, env=environment)


def for_pytest(environment: Mapping[str, str], run: runs.Run) -> dict[str, str]:
    """Returns the environment of pytest without a replica: tests of a replica bring their own."""
    return {**environment, "REPLICA_URL": "", "TEST_RUN": run.name}


def kept(folder: Path) -> Note:
    """Returns the servers that are up, or starts new ones when there are none or they are out of date."""
    note = claim.read(folder)
    if note and note.is_true() and note.environment and note.made_from == keeper.made_from():
        return note
    end_kept(folder)
    return start(folder)


def start(folder: Path) -> Note:
    say("Запускаю PostgreSQL и Valkey для проверок; они останутся на полчаса. Остановить: run.py test --stop")
    log = folder / "keeper.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            python("standalone.keeper"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=ROOT,
        )
    deadline = time.monotonic() + GUARD_SECONDS + 2 * READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        note = claim.read(folder)
        if note and note.pid == process.pid and note.environment:
            return note
        time.sleep(0.05)
    raise Refusal(f"Серверы для проверок не запустились. Журнал {log}:\n{tail(log)}")


def stop(folder: Path) -> int:
    if runs.are_going_on(folder):
        raise Refusal("Проверки ещё идут. Дождитесь конца или прервите их (Ctrl-C) и повторите.")
    with runs.door(folder):
        end_kept(folder)
    return 0


def end_kept(folder: Path) -> None:
    """Waits for the runs that use the servers, then ends them. Hold the door."""
    if runs.are_going_on(folder):
        say("Жду, пока закончится другой запуск проверок: ему нужны прежние серверы")
    while runs.are_going_on(folder):
        time.sleep(0.5)
    note = claim.read(folder)
    if note and note.is_true():
        processes.end(note.pid, seconds=GUARD_SECONDS)

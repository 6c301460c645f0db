"""Supervises children: launched one after another, watched, started again, stopped the other way round."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from standalone import logs, processes, server
from standalone.children import Child
from standalone.claim import Claim
from standalone.speech import Refusal, say, tail

ROOT = Path(__file__).resolve().parents[1]


class Stopped(BaseException):
    """The supervisor was asked to stop."""


class Supervisor:
    def __init__(self, claim: Claim) -> None:
        self.record = claim.folder / "children.json"
        end_leftovers(self.record)
        self.children: list[Child] = []
        self.launching = self.asked_to_stop = False
        self.claim = claim
        self.guard = self._start_guard()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def launch(
        self,
        name: str,
        command: Sequence[object],
        *,
        log: Path,
        stop_with: int = signal.SIGTERM,
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        def start() -> subprocess.Popen[bytes]:
            return server.go_on(command, log=log, **options)

        logs.begin(log)
        return self._adopt(name, start, stop_with, log)

    def step(self, name: str, command: Sequence[str], *, env: Mapping[str, str]) -> None:
        """Runs a child that has to finish; what it says goes to the terminal."""

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, cwd=ROOT, env=env)

        code = self._adopt(name, start, signal.SIGTERM).wait()
        self._forget()
        if code:
            raise Refusal(f"Не удалось: {name} (код {code}). Причина выше.")

    def foreground(self, name: str, command: Sequence[str], *, stop_with: int, env: Mapping[str, str]) -> int:
        """Runs a child that owns the terminal: Ctrl-C is for it."""

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, cwd=ROOT, env=env)

        process = self._adopt(name, start, stop_with)

        def pass_on(number: int, frame: FrameType | None) -> None:
            if not (sys.stdin and sys.stdin.isatty()):  # a terminal has sent it already
                process.send_signal(number)

        signal.signal(signal.SIGINT, pass_on)
        code = process.wait()
        self._forget()
        return code if code >= 0 else 128 - code

    def check(self) -> None:
        """Checks that the children and the guard are alive. Raises Refusal."""
        for child in self.children:
            if child.process.poll() is not None:
                words = f"Остановился процесс «{child.name}» (код {child.process.returncode})."
                if child.log:
                    words += f" Последние строки журнала {child.log}:\n{tail(child.log)}"
                raise Refusal(words)
        if self.guard.poll() is not None:
            raise Refusal("Остановился сторожевой процесс.")

    def revive(self) -> None:
        """Starts again what has died, and says so on the terminal and in the log of the part."""
        if self.guard.poll() is not None:
            say("Остановился сторожевой процесс. Запускаю его снова.")
            self._replace_guard()
        for child in self.children:
            if child.due is None and child.is_dead():
                self._bury(child)
            if child.is_due():
                self._begin_again(child)

    def cut_logs(self) -> None:
        logs.cut(child.log for child in self.children if child.log)

    def stop(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while self.children:
            server.stop(self.children[-1].process, self.children[-1].stop_with)
            self._forget()
        with suppress(OSError):
            self._pipe.close()
        self.guard.wait()
        self.record.unlink(missing_ok=True)

    def _bury(self, child: Child) -> None:
        processes.end(child.process.pid)  # what is left of its group
        pause, code = child.bury(), child.process.returncode
        when = f"через {pause:.0f} с" if pause else "сразу"
        self._say_of(child, f"Остановился процесс «{child.name}» (код {code}). Запускаю его снова {when}.")

    def _begin_again(self, child: Child) -> None:
        former, self.launching = child.process.pid, True
        try:
            child.begin_again()
        except OSError as error:
            child.bury()
            self._say_of(child, f"Не удалось запустить процесс «{child.name}»: {error.strerror}. Попробую ещё раз.")
        else:
            self._tell(f"= {former} {child.process.pid} {int(child.stop_with)}")
        finally:
            self.launching = False
        if self.asked_to_stop:
            raise Stopped

    def _say_of(self, child: Child, words: str) -> None:
        say(words)
        if child.log:
            logs.note(child.log, f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z} run.py: {words}")

    def _start_guard(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "standalone.guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self.claim.lock],
            cwd=ROOT,
        )

    def _replace_guard(self) -> None:
        """Tells a new guard of all children."""
        with suppress(OSError):
            self._pipe.close()
        self.guard = self._start_guard()
        for child in self.children:
            self._tell(f"+ {child.process.pid} {int(child.stop_with)}")

    def _adopt(
        self, name: str, start: Callable[[], subprocess.Popen[bytes]], stop_with: int, log: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Notes a new child; a signal that comes meanwhile waits, or it would leave an orphan."""
        self.launching = True
        try:
            process = start()
            self.children.append(Child(name, process, start, stop_with, log))
            self._tell(f"+ {process.pid} {int(stop_with)}")
        finally:
            self.launching = False
        if self.asked_to_stop:
            raise Stopped
        return process

    def _forget(self) -> None:
        """Takes the newest child, which has ended, off the list."""
        self._tell(f"- {self.children.pop().process.pid}")

    def _tell(self, line: str) -> None:
        """Tells the guard, and notes all children in the record; neither may stop the supervisor."""
        with suppress(OSError):  # a dead guard is noticed by check()
            self._pipe.write(f"{line}\n".encode())
            self._pipe.flush()
        with suppress(OSError):  # a full disk keeps the record before
            self._note_all()

    def _note_all(self) -> None:
        notes = [
            [child.process.pid, int(child.stop_with), processes.born(child.process.pid)] for child in self.children
        ]
        new = self.record.with_name(f"{self.record.name}.new")
        new.write_text(json.dumps(notes), encoding="utf-8")
        new.replace(self.record)

    @property
    def _pipe(self) -> Any:
        return self.guard.stdin

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        if not self.launching:
            raise Stopped


def end_leftovers(record: Path) -> None:
    """Ends the children of a supervisor that was killed together with its guard."""
    try:
        notes = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for pid, gently, born in reversed(notes):
        if born and processes.born(pid) == born:
            processes.end(pid, gently)
    record.unlink(missing_ok=True)

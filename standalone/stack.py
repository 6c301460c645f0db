"""The supervisor together with the servers the clinic needs, for as long as a `with` block lasts."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from standalone import fresh, machine, postgres, valkey
from standalone.claim import Claim
from standalone.environment import made_here, read_keys, with_the_persons
from standalone.speech import say
from standalone.supervisor import ROOT, Supervisor


def python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


class Stack:
    def __init__(
        self,
        command: str,
        *,
        tests: bool = False,
        place: str = "",
        tuning: Sequence[str] = (),
        address: str = "http://localhost:8000",
    ) -> None:
        """`place`: a folder of its own beside the clinic's. `tuning`: settings of its Postgres."""
        shared = bool(machine.server_identity()) and not os.environ.get("DATABASE_URL")
        state = machine.state_folder(ROOT, shared=shared)
        self.folder = state / ("test" if tests else place)
        self.tests = tests
        self.tuning = tuning
        self.address = address
        self.command = command

    def __enter__(self) -> Self:
        self.claim = Claim(self.folder, self.command, self.address)
        self.supervisor = Supervisor(self.claim)
        try:
            self._start_servers()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start_servers(self) -> None:
        if self.tests:
            for server in ("postgres", "valkey"):
                shutil.rmtree(self.folder / server, ignore_errors=True)
        keys = read_keys(self.folder, needed=self.has_data())
        made = made_here(keys, static=self.static_root, address=self.address)
        made["DATABASE_URL"] = os.environ.get("DATABASE_URL") or self.start_postgres()
        made["REDIS_URL"] = os.environ.get("REDIS_URL") or self.start_valkey()
        self.environment = with_the_persons(made)
        self.claim.note.environment = made
        self.claim.write()

    def start_postgres(self) -> str:
        say("Запускаю PostgreSQL" if self.has_data() or self.tests else "Создаю базу данных PostgreSQL")
        folder = self.folder / "postgres"
        return postgres.start(folder, fast=self.tests, tuning=self.tuning, launch=self.supervisor.launch).url

    def start_valkey(self) -> str:
        say("Запускаю Valkey")
        return valkey.start(self.folder / "valkey", launch=self.supervisor.launch).url

    def has_data(self) -> bool:
        return not os.environ.get("DATABASE_URL") and (self.folder / "postgres" / "data").exists()

    @property
    def static_root(self) -> Path:
        return self.folder / "static"

    def compile_catalogues(self) -> None:
        if fresh.stale_catalogues(ROOT):
            say("Перевожу каталог сообщений в рабочий вид")
            compile_all = python("babel.messages.frontend", "-q", "compile", "-d", "locale", "-D", "django")
            self.supervisor.step("перевод каталога", compile_all, env=self.environment)

    def static_if_stale(self) -> list[str]:
        mark = self.folder / "static.mark"
        fresh_enough = mark.exists() and mark.read_text() == fresh.static_mark(ROOT)
        return [] if fresh_enough and self.static_root.exists() else ["static"]

    def prepare(self, *steps: str) -> None:
        if steps:
            command = python("standalone.prepare", *steps)
            self.supervisor.step("подготовка клиники", command, env=self.environment)
        if "static" in steps:
            (self.folder / "static.mark").write_text(fresh.static_mark(ROOT))

    def _stop(self) -> None:
        self.supervisor.stop()
        self.claim.release()

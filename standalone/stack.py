"""The supervisor together with the servers the clinic needs, for as long as a `with` block lasts."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from standalone import machine, postgres, valkey
from standalone.claim import Claim
from standalone.environment import is_demo, made_here, read_keys, with_own_variables
from standalone.speech import say
from standalone.supervisor import ROOT, Supervisor


def python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def state_folder(place: str = "") -> Path:
    """Returns the state folder; `place` is one of its own beside the clinic's."""
    shared = bool(machine.server_identity()) and not os.environ.get("DATABASE_URL")
    return machine.state_folder(ROOT, shared=shared) / place


class Stack:
    def __init__(
        self,
        command: str,
        *,
        tests: bool = False,
        place: str = "",
        tuning: Sequence[str] = (),
        address: str = "http://localhost:8000",
        made_from: str = "",
        as_owner: bool = False,
    ) -> None:
        """Takes what differs between stacks.

        `tuning`: settings of its Postgres. `made_from`: for servers that are kept for the next run.
        `as_owner`: everything may make databases, as tests and measurements do.
        """
        self.folder = state_folder("test" if tests else place)
        self.tests = tests
        self.tuning = tuning
        self.address = address
        self.command = command
        self.made_from = made_from
        self.as_owner = as_owner or tests

    def __enter__(self) -> Self:
        self.claim = Claim(self.folder, self.command, self.address, self.made_from)
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
        own = os.environ.get("DATABASE_URL")
        demo = self.tests or is_demo(own_database=bool(own))
        made = made_here(keys, static=self.static_root, address=self.address, demo=demo)
        made |= {"DATABASE_URL": own} if own else self._addresses(self.start_postgres())
        made["REDIS_URL"] = os.environ.get("REDIS_URL") or self.start_valkey()
        self.environment = with_own_variables(made)
        self.claim.note.environment = made
        self.claim.write()

    def start_postgres(self) -> str:
        say("Запускаю PostgreSQL" if self.has_data() or self.tests else "Создаю базу данных PostgreSQL")
        folder = self.folder / "postgres"
        return postgres.start(folder, fast=self.tests, tuning=self.tuning, launch=self.supervisor.launch).url

    def _addresses(self, owner: str) -> dict[str, str]:
        if self.as_owner:
            return {"DATABASE_URL": owner}
        return {"DATABASE_URL": postgres.application_url(owner), "MIGRATION_DATABASE_URL": owner}

    def start_valkey(self) -> str:
        say("Запускаю Valkey")
        return valkey.start(self.folder / "valkey", fast=self.tests, launch=self.supervisor.launch).url

    def has_data(self) -> bool:
        return not os.environ.get("DATABASE_URL") and (self.folder / "postgres" / "data").exists()

    @property
    def static_root(self) -> Path:
        return self.folder / "static"

    def step(self, name: str, command: list[str]) -> None:
        self.supervisor.step(name, command, env=self.environment)

    def _stop(self) -> None:
        self.supervisor.stop()
        self.claim.release()

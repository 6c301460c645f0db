"""T117 under compose, as far as it goes without Docker: the commands of docker-compose.yml, with its variables."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg
import pytest
import yaml

from standalone import postgres, valkey
from standalone.supervisor import ROOT
from tests.clinic.test_env_example import FILLED
from tests.races.servers import free_port, wait_until

pytestmark = [pytest.mark.embedded, pytest.mark.long]
SECRETS = {"POSTGRES_PASSWORD": "ownerspassword", "VALKEY_PASSWORD": "brokerspassword", "APP_PASSWORD": "appspassword"}
BY_THE_PROXY = {"Host": "clinic.example.org", "X-Forwarded-Proto": "https"}
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::[?-]([^}]*))?\}")


class Compose:
    """The file, with its servers in the places of `postgres` and `valkey`."""

    def __init__(self, database: str, broker: str, port: int) -> None:
        self.database, self.broker, self.port = database, broker, port
        lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        self.typed = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        self.typed |= FILLED | SECRETS
        self.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]

    def filled(self, text: str) -> str:
        text = VARIABLE.sub(lambda found: self.typed.get(found[1]) or found[2] or "", text).replace("$$", "$")
        text = re.sub(r"@postgres:5432/\w+", f"@{urlsplit(self.database).netloc.rpartition('@')[2]}/clinic", text)
        text = re.sub(r"redis://:\w+@valkey:6379/0", self.broker, text)
        return text.replace(":8000", f":{self.port}")

    def environment(self, name: str, folder: Path) -> dict[str, str]:
        """Returns what the container has: the file of variables, and over it those of the service."""
        own = {key: self.filled(str(value)) for key, value in self.services[name]["environment"].items()}
        made = self.typed | own | {"STATIC_ROOT": str(folder / "static"), "DJANGO_SETTINGS_MODULE": "clinic.settings"}
        made |= {
            key: value.replace("/paper", str(folder / "paper"), 1) for key, value in own.items() if "/paper" in value
        }
        path = f"{ROOT}/.venv/bin:{os.environ['PATH']}"
        return made | {"PATH": path, "HOSTNAME": socket.gethostname(), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}

    def command(self, name: str) -> list[str]:
        """Returns the command of the service, or that of the image."""
        told = self.services[name].get("command")
        if told is None:
            found = re.search(r"^CMD (\[.*\])", (ROOT / "Dockerfile").read_text().replace("\\\n", ""), re.MULTILINE)
            return [self.filled(part) for part in json.loads(found[1])]
        return ["sh", "-c", f"exec {self.filled(told)}"]

    def is_healthy(self, name: str, folder: Path) -> bool:
        kind, *test = self.services[name]["healthcheck"]["test"]
        command = [self.filled(part) for part in test]
        command = ["sh", "-c", *command] if kind == "CMD-SHELL" else command
        done = subprocess.run(command, cwd=ROOT, env=self.environment(name, folder), capture_output=True)
        return done.returncode == 0


@pytest.fixture
def folder(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = Path(tempfile.mkdtemp(prefix="clinic-compose-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def compose(folder):
    database, broker = postgres.start(folder / "postgres", fast=True), valkey.start(folder / "valkey")
    with psycopg.connect(database.url.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {postgres.APPLICATION}")  # the image of Postgres has the owner alone
    yield Compose(database.url, broker.url, free_port())
    broker.stop()
    database.stop()


def run(compose: Compose, name: str, folder: Path) -> subprocess.Popen:
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            compose.command(name),
            cwd=ROOT,
            env=compose.environment(name, folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def test_t117_the_commands_of_compose_open_a_clinic(compose, folder):
    migrated = run(compose, "migrate", folder)
    assert migrated.wait(timeout=120) == 0, said(folder)
    assert "https://clinic.example.org/office/first-run/" in said(folder)
    collect = [".venv/bin/python", "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=compose.environment("web", folder), check=True)  # a step of the image
    running = {name: run(compose, name, folder) for name in ("web", "worker")}
    try:
        for name in running:
            wait_until(lambda name=name: compose.is_healthy(name, folder), seconds=60)
        page = Request(f"http://127.0.0.1:{compose.port}/", headers=BY_THE_PROXY)
        with urlopen(page) as answer:
            assert answer.status == 200
        assert set(owners(compose)) == {("clinic",)}
    finally:
        for process in running.values():
            process.terminate()
            process.wait(timeout=60)


def said(folder: Path) -> str:
    return (folder / "migrate.log").read_text(encoding="utf-8")


def owners(compose: Compose) -> list[tuple[str]]:
    with psycopg.connect(compose.database.replace("postgres://", "postgresql://", 1)) as connection:
        return connection.execute("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()

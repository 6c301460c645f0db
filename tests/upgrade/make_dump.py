"""Makes a dump of the version that is checked out: one more with every later change of the schema.

    python3 run.py setup test
    .venv/bin/python -m tests.upgrade.make_dump 0002_what_changes

Run it on the version *before* the change: the dump is what that version leaves behind, and the test upgrades it to
whatever comes after. A Postgres of its own is filled by `life/story.py`; when a kind of row is missing, it says which.
Two files go to `dumps/`: the database as plain SQL, and the facts that the product read in it (`facts.py`).
"""

import argparse
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from standalone import binaries, machine, postgres
from tests.upgrade.keys import KEYS

ROOT = Path(__file__).resolve().parents[2]
DUMPS = Path(__file__).with_name("dumps")
SCHEMA_AND_ROWS = (
    *("--no-owner", "--no-privileges", "--no-comments", "--no-tablespaces"),
    *("--inserts", "--rows-per-insert=200"),
)
OF_PSQL_OR_NEWER_SERVERS = re.compile(r"^(\\(un)?restrict .*|SET transaction_timeout = 0;)\n", re.MULTILINE)
"""The dump is read by any Postgres from 15 on, and without psql."""


def make(name: str, folder: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="clinic-dump-"))
    home.chmod(0o711)  # under root the server's user has to reach it
    server = postgres.start(home / "postgres", fast=True)
    try:
        environment = _environment(server.url)
        moment = _fill(environment)
        (folder / f"{name}.sql.gz").write_bytes(_dump(server.url, home, environment))
        facts = _run(_in_shell(f"from tests.upgrade import facts; facts.tell({moment!r})"), environment)
        (folder / f"{name}.json").write_text(facts, encoding="utf-8")
    finally:
        server.stop()
        shutil.rmtree(home)


def _environment(url: str) -> dict[str, str]:
    """Returns the environment, without the person's own but where programs are; in debug mode pages need no styles."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PG_BIN")}
    made = {"DATABASE_URL": url, "REDIS_URL": "redis://localhost:1", "ALLOWED_HOSTS": "testserver", "DEBUG": "1"}
    made |= {
        "BASE_URL": "https://clinic.example.org",
        "CATALOGUE_SECONDS": "0",
        "VOICE_ROUTES": "console",
        "PYTHONUTF8": "1",
    }
    made |= {"DEMO": "1"}  # codes that are sent stay readable
    made |= {"FORM_SECONDS": "0"}  # the story types faster than by hand
    return {**kept, **made, **KEYS, "DJANGO_SETTINGS_MODULE": "clinic.settings"}


def _fill(environment: Mapping[str, str]) -> str:
    _run(_python("-m", "babel.messages.frontend", "-q", "compile", "-d", "locale", "-D", "django"), environment)
    _run(_python("manage.py", "migrate", "--verbosity=0"), environment)
    _run(_python("manage.py", "createcachetable"), environment)
    return json.loads(_run(_in_shell("from tests.upgrade.life import story; story.live()"), environment))


def _dump(url: str, home: Path, environment: Mapping[str, str]) -> bytes:
    program = binaries.find(home / "postgres", machine.server_identity()) / "pg_dump"
    text = _run([program, *SCHEMA_AND_ROWS, url], environment)
    return gzip.compress(OF_PSQL_OR_NEWER_SERVERS.sub("", text).encode(), mtime=0)


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _in_shell(command: str) -> list[str]:
    return _python("manage.py", "shell", "--no-imports", "--command", command)


def _run(command: list, environment: Mapping[str, str]) -> str:
    return subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="for example 0002_what_changes")
    parser.add_argument("--folder", type=Path, default=DUMPS)
    arguments = parser.parse_args()
    make(arguments.name, arguments.folder)

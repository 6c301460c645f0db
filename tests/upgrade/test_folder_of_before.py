"""A folder of the embedded servers from before the two roles goes over to the application's role when it is opened."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from standalone import postgres
from standalone.stack import state_folder
from standalone.supervisor import ROOT
from tests.races.servers import free_port
from tests.upgrade import database
from tests.upgrade.keys import KEYS

pytestmark = [pytest.mark.embedded, pytest.mark.long]
DUMP = Path(__file__).with_name("dumps") / "0007_guard_and_drafts.sql.gz"
CLINIC = """
import sys
from standalone.serve import address, open_clinic, stay_open
from standalone.stack import Stack
with Stack("serve", place=sys.argv[1], address=address("127.0.0.1", int(sys.argv[2]))) as stack:
    sys.exit(stay_open(stack, lambda: open_clinic(stack, "127.0.0.1", int(sys.argv[2]))))
"""
OWN = ("DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "PAPER_FOLDER", "QUEUE", *KEYS)
OWNERS = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
FORGE = "UPDATE audit_auditevent SET action = 'nothing'"


@pytest.fixture
def folder(monkeypatch):
    """A state folder with the data of the version before, in which everything came as the owner."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = state_folder(f"before-{os.getpid()}")
    server = postgres.start(folder / "postgres")
    try:
        with psycopg.connect(libpq(server.url), autocommit=True) as connection:
            connection.execute(f"DROP ROLE {postgres.APPLICATION}")  # as it was left by the version before
        database.restore(DUMP, libpq(server.url))
    finally:
        server.stop()
    (folder / "keys.env").write_text("".join(f"{name}={value}\n" for name, value in KEYS.items()))
    yield folder
    shutil.rmtree(folder)


def libpq(url: str) -> str:
    return url.replace("postgres://", "postgresql://", 1)


@pytest.fixture
def opened(folder):
    """The clinic as `run.py` opens it; gives the addresses of its processes."""
    environment = {name: value for name, value in os.environ.items() if name not in OWN} | {"DEMO": "0"}
    command = [sys.executable, "-c", CLINIC, folder.name, str(free_port())]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    said = []
    for line in iter(process.stdout.readline, ""):
        said.append(line)
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail("".join(said))
    yield json.loads((folder / "running.json").read_text())["environment"]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)


def test_a_folder_of_before_has_its_data_and_the_role_that_owns_nothing(opened):
    before = len(json.loads(DUMP.with_name("0007_guard_and_drafts.json").read_text())["visits"])
    with psycopg.connect(libpq(opened["DATABASE_URL"]), autocommit=True) as application:
        assert application.info.user == postgres.APPLICATION
        assert application.execute("SELECT count(*) FROM scheduling_appointment").fetchone() == (before,)
        assert application.execute(OWNERS).fetchall() == [(postgres.USER,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(FORGE)
    with psycopg.connect(libpq(opened["MIGRATION_DATABASE_URL"]), autocommit=True) as owner:
        assert owner.info.user == postgres.USER

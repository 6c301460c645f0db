"""T22: a copy of the database is whole or not there, and fills an empty cluster with exactly what it was made of."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from standalone import copies, postgres
from standalone.speech import Refusal
from standalone.supervisor import ROOT
from tests.races.browser import Browser
from tests.races.servers import free_port

pytestmark = pytest.mark.embedded

SUM = "SELECT count(*), md5(coalesce(string_agg(md5(row::text), '' ORDER BY md5(row::text)), '')) FROM {} AS row"


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture(scope="module")
def home():
    """Makes two clusters in a folder other than tmp_path: under root the server's user has to reach it."""
    path = Path(tempfile.mkdtemp(prefix="clinic-copies-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def clusters(home):
    servers = [postgres.start(home / name / "postgres", fast=True) for name in ("ours", "other")]
    yield [server.url for server in servers]
    for server in servers:
        server.stop()


@pytest.fixture
def urls(clusters):
    for url in clusters:
        ask(url, "DROP SCHEMA public CASCADE")
        ask(url, "CREATE SCHEMA public")
    return clusters


def ask(url, statement):
    with psycopg.connect(url.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def sums(url):
    """Returns of each table how many rows it has, and a checksum of them all."""
    tables = [name for (name,) in ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    return {name: ask(url, SUM.format(f'"{name}"'))[0] for name in tables}


def test_a_copy_fills_an_empty_cluster_with_the_same(urls, home, tmp_path):
    ours, other = urls
    ask(ours, "CREATE TABLE told (id int PRIMARY KEY, word text); INSERT INTO told VALUES (1, 'Ёлкина'), (2, NULL)")
    copies.dump(ours, tmp_path / "clinic.dump", home / "ours")
    assert (tmp_path / "clinic.dump").stat().st_mode & 0o777 == 0o600
    copies.load(other, tmp_path / "clinic.dump", home / "other")
    assert sums(other) == sums(ours) != {}
    ask(ours, "UPDATE told SET word = 'Елкина' WHERE id = 1")
    assert sums(other) != sums(ours), "the control: one letter changes the sum"


def test_a_password_is_not_on_the_command_line(tmp_path):
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@" "$PGPASSWORD" >&2\nexit 1\n')
    program.chmod(0o700)
    with pytest.raises(Refusal, match="--dbname=postgres://clinic@db:5432/clinic s&cret"):
        copies.run(program, url="postgres://clinic:s%26cret@db:5432/clinic")


def test_a_database_that_is_not_empty_is_left_alone(urls, home, tmp_path):
    url = urls[0]
    ask(url, "CREATE TABLE told (id int PRIMARY KEY); INSERT INTO told VALUES (1)")
    copies.dump(url, tmp_path / "clinic.dump", home / "ours")
    ask(url, "INSERT INTO told VALUES (2)")
    with pytest.raises(Refusal, match="База не пуста"):
        copies.load(url, tmp_path / "clinic.dump", home / "ours")
    assert ask(url, "SELECT count(*) FROM told") == [(2,)]


def test_a_copy_that_fails_leaves_the_one_before_and_nothing_half_done(urls, home, tmp_path):
    url = urls[0]
    copies.dump(url, tmp_path / "clinic.dump", home / "ours")
    before = hashlib.sha256((tmp_path / "clinic.dump").read_bytes()).digest()
    with pytest.raises(Refusal, match="pg_dump не справился"):
        copies.dump(url.replace("/clinic", "/nothing"), tmp_path / "clinic.dump", home / "ours")
    assert hashlib.sha256((tmp_path / "clinic.dump").read_bytes()).digest() == before
    assert [file.name for file in tmp_path.iterdir()] == ["clinic.dump"]


def test_a_broken_copy_changes_nothing(urls, home, tmp_path):
    ours, other = urls
    ask(ours, "CREATE TABLE told AS SELECT generate_series(1, 20000) AS id")
    copies.dump(ours, tmp_path / "clinic.dump", home / "ours")
    whole = (tmp_path / "clinic.dump").read_bytes()
    (tmp_path / "clinic.dump").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refusal, match="pg_restore не справился"):
        copies.load(other, tmp_path / "clinic.dump", home / "other")
    assert sums(other) == {}


CALL = "import sys; from standalone import copies; sys.exit(copies.{}(sys.argv[2:], place=sys.argv[1]))"
ASK = """
import sys
from standalone.copies import of_owner
from standalone.stack import Stack
with Stack("manage", place=sys.argv[1]) as stack:
    print(stack.folder, of_owner(stack.environment), flush=True)
    sys.stdin.read()
"""
CLINIC = """
import sys
from standalone.serve import address, open_clinic, stay_open
from standalone.stack import Stack
with Stack("serve", place=sys.argv[1], address=address("127.0.0.1", int(sys.argv[2]))) as stack:
    sys.exit(stay_open(stack, lambda: open_clinic(stack, "127.0.0.1", int(sys.argv[2]))))
"""
OWN = (
    "DATABASE_URL",
    "REDIS_URL",
    "STATIC_ROOT",
    "PAPER_FOLDER",
    "QUEUE",
    "SECRET_KEY",
    "FIELD_KEYS",
    "BLIND_INDEX_KEY",
)
SLOT = re.compile(r'name="slot" value="([0-9a-f-]{36})"')
SERVICE = re.compile(r'name="service" value="([0-9a-f-]{36})"')


class Clinic:
    """A clinic with a state folder of its own, as `run.py` has it."""

    def __init__(self, place):
        self.place = f"{place}-{os.getpid()}"
        self.environment = {name: value for name, value in os.environ.items() if name not in OWN} | {"DEMO": "1"}

    def python(self, code, *arguments, **options):
        command = [sys.executable, "-c", code, self.place, *map(str, arguments)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, **pipes, **options)

    def call(self, verb, *arguments):
        process = self.python(CALL.format(verb), *arguments)
        said, _ = process.communicate(timeout=300)
        return process.returncode, said

    def with_database(self, do):
        """Starts the servers alone; returns their folder and what `do` returns of the database."""
        process = self.python(ASK)
        answer = next(line for line in iter(process.stdout.readline, "") if line.startswith("/"))
        folder, url = answer.split()
        done = do(url)
        process.communicate()
        return Path(folder), done

    def opened(self, do):
        """Opens the clinic, as `run.py` does, and returns what `do` returns of its port."""
        port = free_port()
        process = self.python(CLINIC, port, start_new_session=True)
        assert any("Ctrl-C" in line for line in iter(process.stdout.readline, "")), "it did not open"
        try:
            return do(port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=120)


def book(port):
    """Books on the site as a stranger does; returns the status of the last page."""
    browser = Browser()
    slug = re.search(r'href="/book/([\w-]+)/"', browser.get(port, "/").text)[1]
    page = browser.get(port, f"/book/{slug}/").text
    taken = browser.post(port, "/book/time/", {"slot": SLOT.search(page)[1], "service": SERVICE.search(page)[1]})
    assert taken.status == 302
    person = {"last_name": "Лунина", "first_name": "Вера", "patronymic": "", "birth_date": "17.05.1990"}
    browser.post(port, "/book/details/", person | {"phone": "+79217770001", "who": "self", "consent": "on"})
    code = re.search(r"\b(\d{6})\b", browser.get(port, "/book/code/").text)[1]
    return browser.post(port, "/book/code/", {"code": code}).location


@pytest.mark.long
def test_a_restored_clinic_is_the_same_opens_and_books(tmp_path):
    ours, other = Clinic("copied"), Clinic("restored")
    folders = []
    try:
        assert ours.opened(lambda port: ours.call("backup", tmp_path / "beside.dump"))[0] == 0
        assert (tmp_path / "beside.dump").stat().st_size > 0
        folder, before = ours.with_database(sums)
        folders.append(folder)
        code, said = ours.call("backup", tmp_path / "clinic.dump")
        assert (code, str(folder / "keys.env") in said) == (0, True)
        code, said = other.call("restore", tmp_path / "clinic.dump")
        assert "Нет ключей" in said
        there = folder.with_name(other.place)
        folders.append(there)
        there.mkdir(exist_ok=True)
        shutil.copy(folder / "keys.env", there)
        assert other.call("restore", tmp_path / "clinic.dump")[0] == 0
        assert other.with_database(sums) == (there, before)
        assert before["scheduling_appointment"][0] > 0
        assert other.opened(book).startswith("/v/")
    finally:
        for each in folders:
            shutil.rmtree(each, ignore_errors=True)

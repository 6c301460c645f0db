"""Postgres on a unix socket only, with peer authentication: nobody but the person who started it gets in."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg

from standalone import binaries, machine, processes
from standalone.machine import Identity
from standalone.server import Launch, Server, launch, wait_ready
from standalone.speech import Refusal, tail

DATABASE = USER = "clinic"
APPLICATION = "clinic_app"
"""The role of the application, which owns nothing; `clinic` owns the tables and migrates them."""
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
QUIET = [
    "listen_addresses=",
    f"port={PORT}",  # a PGPORT of the person's shell must not move the socket
    "timezone=UTC",
    "log_timezone=UTC",
    # A failed statement and the detail of a violated constraint hold people's data: they stay out of the log.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
]
FOR_TESTS = [
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400"),
    "autovacuum=off",  # statistics that come at any moment would change a plan in the middle of a test
]


def start(folder: Path, *, fast: bool = False, tuning: Sequence[str] = (), launch: Launch = launch) -> Server:
    """Starts a server whose data, socket and log lie in `folder`, with an empty database `clinic` at first.

    `fast` gives up safety at a power cut: for tests. Starting it again there brings the data back.
    """
    identity = machine.server_identity()
    folder = Path(folder).absolute()
    if identity and not machine.others_can_enter(folder.parent):
        raise Refusal(f"Пользователю PostgreSQL недоступна папка {folder.parent}.")
    machine.give(folder, identity)
    programs = binaries.find(folder, identity)
    if not (folder / "data" / "PG_VERSION").exists():
        create_cluster(folder, programs, identity)
    check_version(folder / "data", programs)
    end_orphan(folder / "data")
    write_access_rules(folder / "data", identity)
    sockets = machine.socket_folder(folder, SOCKET + ".lock", identity)
    if sockets != folder:
        machine.give(sockets, identity)
    process = run(folder, sockets, programs, identity, [*(FOR_TESTS if fast else []), *tuning], launch)
    create_database(sockets)
    create_application_role(sockets)
    return Server(url=url(sockets), process=process, stop_with=signal.SIGINT)


def application_url(owner_url: str) -> str:
    """Returns the same address for the role of the application."""
    return owner_url.replace(f"//{USER}@", f"//{APPLICATION}@", 1)


def url(sockets: Path, database: str = DATABASE) -> str:
    return f"postgres://{USER}@{quote(str(sockets), safe='')}:{PORT}/{database}"


def create_cluster(folder: Path, programs: Path, identity: Identity) -> None:
    """Makes a cluster beside its place and moves it there when whole: a start cut off leaves no half cluster."""
    new = folder / "data.new"
    for leftover in (new, folder / "data"):
        shutil.rmtree(leftover, ignore_errors=True)
    locale = machine.utf8_locale()
    command = [programs / "initdb", "-D", new, "-U", USER, "-A", "peer", "-E", "UTF8"]
    command += [f"--locale={locale}", "--lc-messages=C"]
    if binaries.major(programs) >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run([str(part) for part in command], capture_output=True, cwd="/", env=environment(), **identity)
    if done.returncode:
        output = (done.stdout + done.stderr).decode(errors="replace")
        raise Refusal(f"Не удалось создать базу PostgreSQL:\n{output}")
    new.rename(folder / "data")


def check_version(data: Path, programs: Path) -> None:
    made_by, have = int((data / "PG_VERSION").read_text()), binaries.major(programs)
    if made_by != have:
        raise Refusal(
            f"Папка {data} создана PostgreSQL {made_by}, а программа здесь {have}. Укажите прежнюю: "
            f"PG_BIN=/usr/lib/postgresql/{made_by}/bin, или выгрузите базу ею и загрузите в новую."
        )


def write_access_rules(data: Path, identity: Identity) -> None:
    """Writes the rule of access at every start, because the person may have been renamed."""
    for name, text in (
        ("pg_hba.conf", "local all all peer map=clinic\n"),
        ("pg_ident.conf", "".join(f'clinic "{machine.person()}" {role}\n' for role in (USER, APPLICATION))),
    ):
        file = data / name
        file.write_text(text, encoding="utf-8")
        if identity:
            os.chown(file, identity["user"], identity["group"])


def end_orphan(data: Path) -> None:
    """Stops a server whose supervisor was killed together with the guard, and removes a stale note."""
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if str(data) in processes.command_line(pid):
        processes.end(pid, signal.SIGINT)
    with contextlib.suppress(FileNotFoundError):
        note.unlink()  # its number may belong to another process now, which would keep Postgres from starting


def run(
    folder: Path, sockets: Path, programs: Path, identity: Identity, settings: list[str], launch: Launch
) -> subprocess.Popen[bytes]:
    log = folder / "postgres.log"
    command: list[object] = [programs / "postgres", "-D", folder / "data", "-k", sockets]
    permissions = "0777" if identity else "0700"  # under root the file's owner is not the one who connects
    for setting in [*QUIET, *settings, f"unix_socket_permissions={permissions}"]:
        command += ["-c", setting]
    start = partial(launch, "postgres", command, log=log, stop_with=signal.SIGINT)
    for _ in range(20):
        process = start(cwd="/", env=environment(), **identity)
        try:
            wait_ready("PostgreSQL", process, partial(answers, sockets), log=log)
        except Refusal:
            if "shared memory block" not in tail(log):
                raise
            time.sleep(0.5)  # workers of a killed server are still letting go
        else:
            return process
    raise Refusal(f"PostgreSQL не запустился: прежний сервер ещё держит {folder}.\n{tail(log)}")


def answers(sockets: Path) -> bool:
    try:
        connect(sockets).close()
    except psycopg.OperationalError:
        return False
    return True


def connect(sockets: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(sockets), port=PORT, user=USER, dbname="postgres", autocommit=True, connect_timeout=5
    )


def create_database(sockets: Path) -> None:
    with connect(sockets) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            return
        try:
            connection.execute("create extension if not exists pg_trgm")
        except psycopg.Error as error:
            raise Refusal("Не хватает расширений: sudo apt install postgresql-contrib") from error
        if connection.execute("select lower('Ё') <> 'ё'").fetchone() == (True,):
            raise Refusal("База не ищет по-русски: нет подходящей локали. Нужна C.UTF-8 или ru_RU.UTF-8.")
        connection.execute(f"create database {DATABASE}")


def create_application_role(sockets: Path) -> None:
    """Makes the role; its rights of the tables come with each migration."""
    with connect(sockets) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", [APPLICATION]).fetchone():
            connection.execute(f"create role {APPLICATION} login")


def environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": machine.utf8_locale()}

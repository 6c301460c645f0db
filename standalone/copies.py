"""Copies of the clinic's database: `run.py backup [file]`, and `run.py restore file` into an empty one.

Copies are made by Postgres' own programs, of the version of the server. The keys are no part of a copy: whoever has
both reads everything, so they are kept apart.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from standalone import binaries, claim, machine
from standalone.environment import with_own_variables
from standalone.speech import Refusal, say
from standalone.stack import Stack, state_folder

KEYS = "keys.env"
WHOLE = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")


def backup(arguments: list[str], *, place: str = "") -> int:
    """Writes a copy into the file, or into `backups/` of the state folder; readable by its owner alone."""
    folder = state_folder(place)
    file = Path(arguments[0]) if arguments else folder / "backups" / f"clinic-{datetime.now():%Y-%m-%d-%H%M%S}.dump"
    try:
        with Stack("backup", place=place) as stack:
            dump(of_owner(stack.environment), file, folder)
    except claim.AlreadyRunning as running:
        if running.note.command not in claim.SERVING or not running.note.environment:
            raise
        dump(of_owner(with_own_variables(running.note.environment)), file, folder)
    say(f"Копия базы: {file}")
    if not os.environ.get("DATABASE_URL"):
        say(f"Ключи в неё не входят. Храните отдельно от копий: {folder / KEYS}")
    return 0


def restore(arguments: list[str], *, place: str = "") -> int:
    """Fills an empty database from a copy. Raises Refusal for one that is not empty, and for a clinic without keys."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        raise Refusal("Назовите файл копии: python3 run.py restore clinic.dump")
    folder = state_folder(place)
    if not (folder / KEYS).exists() and not os.environ.get("FIELD_KEYS"):
        raise Refusal(
            f"Нет ключей, с которыми жила эта база: без них не прочитать номера документов. "
            f"Положите {KEYS} из хранилища ключей в {folder} и повторите."
        )
    with Stack("restore", place=place) as stack:
        load(of_owner(stack.environment), Path(arguments[0]), folder)
    say("База восстановлена. Запустите клинику: python3 run.py")
    return 0


def of_owner(environment: Mapping[str, str]) -> str:
    """Returns the address under which the tables are owned."""
    return environment.get("MIGRATION_DATABASE_URL") or environment["DATABASE_URL"]


def dump(url: str, file: Path, folder: Path) -> None:
    """Writes the copy beside its place and moves it there when it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    try:
        run(program("pg_dump", folder), "--format=custom", f"--file={new}", url=url)
        run(program("pg_restore", folder), "--list", new)  # what cannot be read is no copy
        new.replace(file)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def load(url: str, file: Path, folder: Path) -> None:
    with psycopg.connect(url.replace("postgres://", "postgresql://", 1)) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if tables != (0,):
        raise Refusal(
            "База не пуста, а восстановление ничего не заменяет. Остановите клинику, уберите прежнюю базу "
            f"(переименуйте {folder / 'postgres'}) и повторите."
        )
    run(program("pg_restore", folder), *WHOLE, file, url=url)


def program(name: str, folder: Path) -> Path:
    """Returns the program of the embedded Postgres, or of `PG_BIN` or the machine for a database of one's own."""
    if not os.environ.get("DATABASE_URL"):
        return binaries.find(folder / "postgres", machine.server_identity()) / name
    own = os.environ.get("PG_BIN")
    found = Path(own, name) if own else shutil.which(name)
    if not found or not Path(found).exists():
        raise Refusal(
            f"Нет программы {name}. Установите postgresql-client той же версии, что сервер, или задайте PG_BIN."
        )
    return Path(found)


def run(*command: object, url: str = "") -> None:
    """Runs a program on this database; a password goes another way than its command line, which everybody can read."""
    address = urlsplit(url)
    there, environment = [], dict(os.environ)
    if url:
        login, _at, place = address.netloc.rpartition("@")
        user, _colon, password = login.partition(":")
        there = [f"--dbname={address._replace(netloc=f'{user}@{place}').geturl()}"]
        environment |= {"PGPASSWORD": unquote(password)} if password else {}
    asked = [str(part) for part in (*command, *there)]
    done = subprocess.run(asked, capture_output=True, stdin=subprocess.DEVNULL, env=environment)
    if done.returncode:
        raise Refusal(f"{Path(asked[0]).name} не справился:\n{done.stderr.decode(errors='replace')[-2000:]}")

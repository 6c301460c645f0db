"""A database for each test process, copied from one that was migrated once.

The template is named after what it was made from and stays on the server for the next run; a new migration makes a
new one. Names of databases carry the run (`TEST_RUN`, see standalone/runs.py), so that several runs do not meet.
"""

import ast
import hashlib
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

RUN = os.environ.get("TEST_RUN", "0_0")
OWN = f"test_clinic_{RUN}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
TEMPLATE, MAKING = "test_template_", "test_template_in_the_making"
KEPT = 3
"""Templates of other branches that stay on the server."""
TURN = 7_265_118_844
"""Key of the advisory lock: one process at a time makes and copies databases."""


@contextmanager
def own_database() -> Iterator[None]:
    """Makes the models of this process live on a fresh copy of the template until the block ends."""
    with turn() as server:
        for leftover in leftovers(databases(server, "test_clinic_"), run=RUN, own=OWN):
            drop(server, leftover)
        server.execute(f'CREATE DATABASE "{OWN}" TEMPLATE "{template(server)}"')
    before = connection.settings_dict["NAME"]
    connect_to(OWN)
    try:
        yield
    finally:
        connect_to(before)
        with turn() as server:
            drop(server, OWN)


def connect_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@contextmanager
def turn() -> Iterator:
    """Gives a cursor on the server's own database, while no other process makes or copies one."""
    with connection._nodb_cursor() as server:
        server.execute("SET statement_timeout = 0")
        server.execute("SET lock_timeout = 0")  # another process may be migrating the template
        server.execute("SELECT pg_advisory_lock(%s)", [TURN])
        yield server


def template(server) -> str:
    name = TEMPLATE + made_from()
    if name not in databases(server, TEMPLATE):
        make(server, name)
    return name


def make(server, name: str) -> None:
    """Makes the template and names it when it is whole: one cut off half way is made anew."""
    drop(server, MAKING)
    server.execute(f'CREATE DATABASE "{MAKING}"')
    before = connection.settings_dict["NAME"]
    connect_to(MAKING)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    finally:
        connect_to(before)
    server.execute(f'ALTER DATABASE "{MAKING}" RENAME TO "{name}"')
    for old in databases(server, TEMPLATE)[:-KEPT]:
        drop(server, old)


def leftovers(names: list[str], *, run: str, own: str) -> list[str]:
    """Returns databases that interrupted runs of the same number have left."""
    of_number = [name for name in names if name.startswith(f"test_clinic_{run.partition('_')[0]}_")]
    return [name for name in of_number if name == own or not name.startswith(f"test_clinic_{run}_")]


def drop(server, name: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def databases(server, prefix: str) -> list[str]:
    """Returns the databases, the oldest first."""
    server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix])
    return [name for (name,) in server.fetchall()]


def made_from() -> str:
    """Returns a mark that changes with every migration, also of the libraries, and with files that they import."""
    facts = hashlib.sha256(f"{django.__version__} {settings.INSTALLED_APPS} {settings.CACHES}".encode())
    for name, file in sorted((called(file), file) for file in sources()):
        facts.update(f"\n{name}\n".encode() + file.read_bytes())
    return facts.hexdigest()[:16]


def called(file: Path) -> str:
    """Returns the file's name within the project, so that a copy of the project shares its template."""
    return str(file.relative_to(settings.BASE_DIR) if is_ours(file) else file)


def sources() -> set[Path]:
    migrations = {file for app in apps.get_app_configs() for file in Path(app.path).glob("migrations/*.py")}
    imported = {each for file in migrations if is_ours(file) for each in imports(file)}
    return {Path(__file__), *migrations, *imported}


def imports(file: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for spec in map(importlib.util.find_spec, names):
            if spec and spec.origin and is_ours(Path(spec.origin)):
                yield Path(spec.origin)


def is_ours(file: Path) -> bool:
    return file.is_relative_to(settings.BASE_DIR) and ".venv" not in file.parts

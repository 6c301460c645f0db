"""T32: an even load of everything the clinic does, with workers and beat, on a database of half a million visits."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from bench import memory, overlaps, windows
from bench.databases import Database
from bench.harness import Bench
from bench.load import brief, outcome
from bench.memory import Memory
from bench.report import Row
from bench.servers import Web
from standalone.speech import Refusal, say, tail
from standalone.stack import python
from standalone.supervisor import ROOT

TITLE = "Нагрузка: всё, что делает клиника, в ровном темпе"
LONG = True
USERS_PER_RATE = 3
"""So many simulated people that the pace is kept while answers take up to three seconds."""
HOST = "127.0.0.1"
WARM_SECONDS, GRACE_SECONDS = 20, 90
LOCUSTFILE = Path("bench") / "load" / "locustfile.py"
Weigh = Callable[[], dict[str, Memory]]


def run(bench: Bench) -> list[Row]:
    seconds = 20 if bench.options.quick else bench.options.minutes * 60
    with (
        bench.copy(bench.database()) as database,
        database.here(),
        bench.web(database) as web,
        bench.worker(database) as workers,
        bench.beat(database),
    ):
        folder = fresh(bench.options.state / "load")
        (folder / "brief.json").write_text(json.dumps(brief.prepare(), ensure_ascii=False), encoding="utf-8")

        def weigh() -> dict[str, Memory]:
            return {"сайт": memory.of(*web.pids), "обработчик задач": memory.of(*workers[0].pids)}

        times = windows.processor_times()
        before, after = under_load(database, web, folder, weigh, rate=bench.options.rate, seconds=seconds)
        share = windows.busy_share(times, windows.processor_times())
        notes = outcome.read_notes(folder / "notes.json")
        return [
            *outcome.rows(outcome.kinds(folder / "locust_stats.csv"), notes, rate=bench.options.rate),
            outcome.busy(share),
            outcome.promises(notes),
            outcome.pairs(overlaps.count()),
            *(outcome.growth(name, before[name], after[name]) for name in before),
        ]


def under_load(
    database: Database, web: Web, folder: Path, weigh: Weigh, *, rate: float, seconds: int
) -> tuple[dict[str, Memory], dict[str, Memory]]:
    """Measures memory soon after the beginning and just before the end."""
    end = time.monotonic() + seconds
    with (folder / "locust.log").open("wb") as log:
        process = subprocess.Popen(
            locust(web, folder, rate=rate, seconds=seconds),
            cwd=ROOT,
            env=environment(database, folder, rate),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        time.sleep(min(WARM_SECONDS, seconds / 2))
        before = weigh()
        while time.monotonic() < end - 2 and process.poll() is None:
            time.sleep(1)
        after = weigh()
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        say("Locust не кончил вовремя, останавливаю его")
    finally:
        stop(process)
    if not (folder / "notes.json").exists():
        raise Refusal(f"Locust не справился:\n{tail(folder / 'locust.log')}")
    return before, after


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def locust(web: Web, folder: Path, *, rate: float, seconds: int) -> list[str]:
    users = int(rate * USERS_PER_RATE)
    return python(
        "locust",
        *("-f", LOCUSTFILE, "--headless", "--host", f"http://{HOST}:{web.port}"),
        *("--users", users, "--spawn-rate", users, "--run-time", f"{seconds}s", "--stop-timeout", 15),
        *("--csv", folder / "locust", "--only-summary", "--loglevel", "WARNING"),
    )


def environment(database: Database, folder: Path, rate: float) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database.url,
        "BENCH_BRIEF": str(folder / "brief.json"),
        "BENCH_NOTES": str(folder / "notes.json"),
        "BENCH_RATE": str(rate),
    }


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

"""Measures how long the site takes to answer after a start, and the memory of each process afterwards."""

import statistics

from bench import client, floor_requests, memory, read_pages, subjects
from bench.harness import Bench
from bench.memory import Memory
from bench.report import Row
from bench.servers import Web

TITLE = "Старт и память"
STARTS, REQUESTS, LANES = 3, 300, 16


def run(bench: Bench) -> list[Row]:
    database = bench.database()
    starts = []
    for _ in range(STARTS):
        with bench.web(database) as web:
            starts.append(web.starting)
    first = Row(
        "от запуска gunicorn до первого ответа", f"{statistics.median(starts):.2f} с", numbers={"seconds": starts}
    )
    with database.here(), bench.web(database) as web, bench.worker(database) as workers, bench.beat(database) as beat:
        warm(web)
        held = {
            "сайт: главный процесс": memory.of(web.pid),
            **{f"сайт: обработчик {n}": memory.of(pid) for n, pid in enumerate(web.pids[1:], start=1)},
            "Celery: главный процесс": memory.of(workers[0].pid),
            **{f"Celery: исполнитель {n}": memory.of(pid) for n, pid in enumerate(workers[0].pids[1:], start=1)},
            "beat": memory.of(*beat.pids),
            "PostgreSQL, все процессы": memory.of(*memory.postgres(bench.options.state)),
        }
    total = sum(held.values(), Memory(0, 0))
    return [first, *(row(name, each) for name, each in {**held, "всего": total}.items())]


def row(name: str, held: Memory) -> Row:
    return Row(name, str(held), numbers={"rss_mb": round(held.rss, 1), "pss_mb": round(held.pss, 1)})


def warm(web: Web) -> None:
    """Sends pages until every worker has shown them."""
    day = read_pages.day_of(subjects.subject())
    client.drive(web.port, floor_requests.again(day), concurrency=LANES, most=REQUESTS).require(200)

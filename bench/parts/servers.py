"""Compares web servers and ways to keep a database connection, on the same database and in turns."""

from contextlib import ExitStack
from functools import partial
from itertools import islice

from bench import booking_forms, client, floor_requests, memory, read_pages, subjects, windows
from bench.bookable import Chances
from bench.client import Sample
from bench.harness import Bench
from bench.parts.booking import bookings
from bench.report import Row
from bench.requests import Request
from bench.servers import Web
from bench.windows import Series

TITLE = "Серверы: gunicorn и granian, пул соединений и без него"
POOL, KEPT, NONE = {"DB_POOL": "1"}, {"DB_POOL": "0", "CONN_MAX_AGE": "600"}, {"DB_POOL": "0"}
VARIANTS = {
    "gunicorn, пул": ("gunicorn", POOL),
    "gunicorn, постоянные": ("gunicorn", KEPT),
    "gunicorn, каждый раз новое": ("gunicorn", NONE),
    "granian, пул": ("granian", POOL),
    "granian, постоянные": ("granian", KEPT),
}
LANES = {8: 120, 32: 240}
"""Concurrency: bookings in one window."""


def run(bench: Bench) -> list[Row]:
    rows = []
    with bench.copy(bench.database()) as database, database.here(), ExitStack() as stack:
        sites = {
            name: stack.enter_context(bench.web(database, server=server, environment=environment))
            for name, (server, environment) in VARIANTS.items()
        }
        chances, day = Chances(), read_pages.day_of(subjects.subject())
        for web in sites.values():
            client.drive(web.port, islice(floor_requests.again(day), 200), concurrency=16).require(200)
        for lanes, number in LANES.items():
            reads = in_turns(bench, [partial(read, bench, web, day, lanes) for web in sites.values()])
            rows += shown(f"день врача/с, одновременно {lanes}", reads)
            number = 16 if bench.options.quick else number
            booked = in_turns(bench, [partial(book, web, chances, lanes, number) for web in sites.values()])
            rows += shown(f"записей/с, одновременно {lanes}", booked)
        for name, web in sites.items():
            held = memory.of(*web.pids)
            rows.append(Row(f"память: {name}", str(held), numbers={"rss_mb": held.rss, "pss_mb": held.pss}))
    return rows


def in_turns(bench: Bench, things: list[windows.Window]) -> list[Series]:
    return windows.in_turns(*things, windows=min(bench.options.windows, 5))


def read(bench: Bench, web: Web, request: Request, lanes: int) -> Sample:
    again = floor_requests.again(request)
    return client.drive(web.port, again, concurrency=lanes, seconds=bench.options.seconds).require(200)


def book(web: Web, chances: Chances, lanes: int, number: int) -> Sample:
    return bookings(web, booking_forms.by_phone, chances, lanes=lanes, number=number)


def shown(what: str, found: list[Series]) -> list[Row]:
    """Returns the rows in shares of the first variant, which is what `run.py serve` runs."""
    first = found[0].rate
    return [
        Row(
            f"{what}: {name}",
            f"{series.rate:.0f} ({series.rate / first:.0%}), p95 {series.p95:.0f} мс{windows.note(series)}",
            numbers=series.numbers,
        )
        for name, series in zip(VARIANTS, found, strict=True)
    ]

"""Compares the same requests on a smaller and on a larger database."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice

from bench import client, floor_requests, statements, windows
from bench.client import Sample
from bench.databases import Database
from bench.harness import Bench
from bench.report import Row, at_most, ratio
from bench.requests import Request
from bench.statements import Cost
from bench.windows import Series

Asked = tuple[Database, Sequence[Request]]
"""A database, and what it is asked again and again, one request after another."""
DATABASE_TIMES, BUFFERS_TIMES = 1.6, 1.5
WARM = 60


def compared(bench: Bench, name: str, asked: Sequence[Asked], *, limit: float) -> list[Row]:
    base, grown = in_turns(bench, asked)
    costs = [cost_of(database, requests) for database, requests in asked]
    times = grown.p50 / base.p50
    numbers = {"base": base.numbers, "grown": grown.numbers, "ratio": times}
    words = f"{ratio(times)} ({grown.p50:.1f} мс против {base.p50:.1f} мс)" + windows.note(base, grown)
    return [
        Row(name, words, f"≤ {limit:g}", at_most(times, limit), numbers),
        *database_rows(*costs),
    ]


def database_rows(base: Cost, grown: Cost) -> list[Row]:
    ms, buffers = grown.ms / base.ms, grown.buffers / max(1, base.buffers)
    numbers = {"base_ms": base.ms, "grown_ms": grown.ms, "base_buffers": base.buffers, "grown_buffers": grown.buffers}
    time = f"{ratio(ms)} ({grown.ms:.2f} мс против {base.ms:.2f} мс)"
    pages = f"{ratio(buffers)} ({grown.buffers} против {base.buffers})"
    return [
        Row("  время в базе", time, f"≤ {DATABASE_TIMES:g}", at_most(ms, DATABASE_TIMES), numbers),
        Row("  страницы базы", pages, f"≤ {BUFFERS_TIMES:g}", at_most(buffers, BUFFERS_TIMES)),
    ]


def in_turns(bench: Bench, asked: Sequence[Asked]) -> list[Series]:
    """Measures both sites while both are up; each window asks one of them."""
    with ExitStack() as stack:
        sites = {base.name: stack.enter_context(bench.web(base)) for base in dict.fromkeys(base for base, _ in asked)}
        things = [(sites[base.name].port, requests) for base, requests in asked]
        for port, requests in things:
            client.drive(port, islice(floor_requests.again(*requests), WARM), concurrency=8).require(200)
        pairs = [partial(window, port, requests, bench.options.seconds) for port, requests in things]
        return windows.in_turns(*pairs, windows=bench.options.windows)


def window(port: int, requests: Sequence[Request], seconds: float) -> Sample:
    return client.drive(port, floor_requests.again(*requests), seconds=seconds).require(200)


def cost_of(database: Database, requests: Sequence[Request]) -> Cost:
    """Returns the cost of a read in the middle as the windows ask it: with the catalogue remembered."""
    with database.here():
        asked = [statements.of(request.here, remembered=True).reads for request in requests]
        costs = [statements.cost(reads, times=15) for reads in asked]
    return sorted(costs, key=lambda cost: cost.ms)[len(costs) // 2]

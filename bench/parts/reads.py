"""Measures pages that only read, one after another by one client, in multiples of one row by its key."""

from itertools import islice

from bench import client, floor_requests, read_pages, statements, windows
from bench.harness import Bench
from bench.read_pages import Page
from bench.report import Row, at_most, ratio
from bench.requests import Request
from bench.servers import Web
from bench.windows import Series

TITLE = "Чтение: страницы в долях одной строки по ключу"


def run(bench: Bench) -> list[Row]:
    database = bench.database()
    with database.here(), bench.web(database) as web:
        floor = floor_requests.select()
        return [row for page in read_pages.pages(web) for row in measured(bench, web, page, floor)]


def measured(bench: Bench, web: Web, page: Page, floor: Request) -> list[Row]:
    asked = count(page.request)
    cost = statements.cost(asked.reads)
    found, base = side_by_side(bench, web, page, floor)
    times = found.p50 / base.p50
    numbers = {"floor": base.numbers, "page": found.numbers, "ratio": round(times, 3)}
    numbers |= {"statements": asked.count, "bytes": found.samples[-1].size}
    numbers |= {"database_ms": round(cost.ms, 3), "buffers": cost.buffers}
    words = f"{ratio(times)} ({found.p50:.1f} мс; в базе {cost.ms:.1f} мс, {cost.buffers} стр.)"
    ok = at_most(times, page.times) if page.times else None
    rows = [Row(page.name, words + windows.note(found, base), f"≤ {page.times:g}" if page.times else "", ok, numbers)]
    ok = asked.count <= page.statements if page.statements else None
    rows.append(Row("  запросов к базе", str(asked), f"≤ {page.statements}" if page.statements else "", ok))
    if page.kilobytes:
        size = found.samples[-1].size / 1024
        rows.append(Row("  размер", f"{size:.1f} КБ", f"≤ {page.kilobytes} КБ", size <= page.kilobytes))
    return rows


def count(request: Request) -> statements.Statements:
    """Counts statements the second time: what a process learns once is not counted."""
    request.here()
    return statements.of(request.here)


def side_by_side(bench: Bench, web: Web, page: Page, floor: Request) -> tuple[Series, Series]:
    def window(request: Request, status: int) -> windows.Window:
        return lambda: client.drive(web.port, floor_requests.again(request), seconds=bench.options.seconds).require(
            status
        )

    for request in (page.request, floor):  # each worker learns its templates
        client.drive(web.port, islice(floor_requests.again(request), 40), concurrency=8)
    found, base = windows.in_turns(window(page.request, page.status), window(floor, 200), windows=bench.options.windows)
    return found, base

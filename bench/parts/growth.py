"""Measures the same reads on a small and on the largest database: growth with the years and one doctor's history."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice

from bench import client, floor_requests, read_pages, statements, subjects, windows
from bench.client import Sample
from bench.databases import Database
from bench.harness import Bench
from bench.options import short
from bench.report import Row, at_most, ratio
from bench.requests import Request
from bench.statements import Cost
from bench.windows import Series
from scheduling.models import Doctor

TITLE = "Рост: те же страницы на малой и на большой базе"
LONG = True
SMALL = 10_000
HISTORY = "scale-history"
TIMES, DATABASE_TIMES, BUFFERS_TIMES, HISTORY_TIMES = 1.2, 1.6, 1.5, 1.1
PAGES = {"день врача": read_pages.day_of, "месяц врача": read_pages.month_of, "ближайшие": read_pages.nearest_of}


def run(bench: Bench) -> list[Row]:
    small, large = bench.database(SMALL, patients=SMALL), bench.database()
    rows = []
    for name, page in PAGES.items():
        asked = [(base, request_of(page, base)) for base in (small, large)]
        rows += compared(bench, f"{name}: {short(large.size.slots)} к {short(SMALL)}", asked)
    return [*rows, *history(bench, large)]


def request_of(page: Callable[[subjects.Subject], Request], database: Database) -> Request:
    with database.here():
        return page(subjects.subject())


def history(bench: Bench, database: Database) -> list[Row]:
    """Compares a doctor with ten times the past with an ordinary one."""
    with database.here():
        long = Doctor.objects.filter(slug=HISTORY).first()
        if long is None:
            return [Row("врач с длинной историей", "в базе такого нет")]
        service = long.services.select_related("specialty").order_by("order")[0]
        beside = service.doctors.exclude(pk=long.pk).order_by("pk").first() or subjects.subject().doctor
        ordinary = subjects.subject_of(beside, beside.services.select_related("specialty").order_by("order")[0])
        pair = (ordinary, subjects.subject_of(long, service))
    rows = []
    for name in ("день врача", "месяц врача"):
        asked = [(database, PAGES[name](each)) for each in pair]
        rows += compared(bench, f"{name}: длинная история к обычной", asked, limit=HISTORY_TIMES)
    return rows


def compared(bench: Bench, name: str, asked: Sequence[tuple[Database, Request]], *, limit: float = TIMES) -> list[Row]:
    base, grown = in_turns(bench, asked)
    costs = [cost_of(database, request) for database, request in asked]
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


def in_turns(bench: Bench, asked: Sequence[tuple[Database, Request]]) -> list[Series]:
    """Measures both sites while both are up; each window asks one of them."""
    with ExitStack() as stack:
        sites = {base.name: stack.enter_context(bench.web(base)) for base in dict.fromkeys(base for base, _ in asked)}
        things = [(sites[base.name].port, request) for base, request in asked]
        for port, request in things:
            client.drive(port, islice(floor_requests.again(request), 60), concurrency=8).require(200)
        pairs = [partial(window, port, request, bench.options.seconds) for port, request in things]
        return windows.in_turns(*pairs, windows=bench.options.windows)


def window(port: int, request: Request, seconds: float) -> Sample:
    return client.drive(port, floor_requests.again(request), seconds=seconds).require(200)


def cost_of(database: Database, request: Request) -> Cost:
    """Returns the cost of a read as the windows ask it: with the catalogue remembered."""
    with database.here():
        return statements.cost(statements.of(request.here, remembered=True).reads, times=15)

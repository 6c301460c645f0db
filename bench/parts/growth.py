"""Measures the same reads on a small and on the largest database: growth with the years and one doctor's history."""

from collections.abc import Callable

from bench import read_pages, subjects
from bench.comparison import compared
from bench.databases import Database
from bench.harness import Bench
from bench.options import short
from bench.report import Row
from bench.requests import Request
from scheduling.models import Doctor

TITLE = "Рост: те же страницы на малой и на большой базе"
LONG = True
SMALL = 10_000
HISTORY = "scale-history"
TIMES, HISTORY_TIMES = 1.2, 1.1
PAGES = {"день врача": read_pages.day_of, "месяц врача": read_pages.month_of, "ближайшие": read_pages.nearest_of}


def run(bench: Bench) -> list[Row]:
    small, large = bench.database(SMALL, patients=SMALL), bench.database()
    rows = []
    for name, page in PAGES.items():
        asked = [(base, [request_of(page, base)]) for base in (small, large)]
        rows += compared(bench, f"{name}: {short(large.size.slots)} к {short(SMALL)}", asked, limit=TIMES)
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
        asked = [(database, [PAGES[name](each)]) for each in pair]
        rows += compared(bench, f"{name}: длинная история к обычной", asked, limit=HISTORY_TIMES)
    return rows

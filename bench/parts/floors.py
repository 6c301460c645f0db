"""The floors themselves: how far apart are an empty page and one row by its key."""

from bench import client, windows
from bench.harness import Bench
from bench.report import Row, ratio
from bench.requests import Request
from scheduling.models import Slot

TITLE = "Полы: пустой ответ и одна строка по ключу"


def run(bench: Bench) -> list[Row]:
    database = bench.database()
    with database.here():
        slot = Slot.objects.values_list("pk", flat=True).first()
    ok, select = (Request(path).render() for path in ("/bench/floor/ok/", f"/bench/floor/select/?slot={slot}"))
    with bench.web(database) as web:
        empty, row = windows.in_turns(
            *(
                lambda one=one: client.drive(web.port, _again(one), seconds=bench.options.seconds).require(200)
                for one in (ok, select)
            ),
            windows=bench.options.windows,
        )
    return [
        Row("пустой ответ, p50", f"{empty.p50:.2f} мс", numbers=empty.numbers),
        Row("одна строка по ключу, p50", f"{row.p50:.2f} мс, {ratio(row.p50 / empty.p50)}", numbers=row.numbers),
    ]


def _again(request: bytes):
    while True:
        yield request

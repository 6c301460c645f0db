"""Measures the floors themselves: how far apart are an empty page and one row by its key."""

from functools import partial

from bench import client, floor_requests, windows
from bench.client import Sample
from bench.harness import Bench
from bench.report import Row, ratio
from bench.requests import Request
from bench.servers import Web

TITLE = "Полы: пустой ответ и одна строка по ключу"


def run(bench: Bench) -> list[Row]:
    database = bench.database()
    with database.here(), bench.web(database) as web:
        asked = (Request("/bench/floor/ok/"), floor_requests.select())
        things = [partial(window, web, request, bench.options.seconds) for request in asked]
        empty, row = windows.in_turns(*things, windows=bench.options.windows)
    words = f"{row.p50:.2f} мс, {ratio(row.p50 / empty.p50)}" + windows.note(row, empty)
    return [
        Row("пустой ответ, p50", f"{empty.p50:.2f} мс", numbers=empty.numbers),
        Row("одна строка по ключу, p50", words, numbers=row.numbers),
    ]


def window(web: Web, request: Request, seconds: float) -> Sample:
    return client.drive(web.port, floor_requests.again(request), seconds=seconds).require(200)

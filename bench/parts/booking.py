"""Measures the request that books, in each channel, in shares of its five bare statements."""

from collections.abc import Sequence
from functools import partial

from bench import booking_forms, client, statements, windows
from bench.bookable import Chance, Chances
from bench.booking_forms import Prepare
from bench.client import Sample, Unexpected
from bench.harness import Bench
from bench.report import Row
from bench.servers import Web
from bench.windows import Series
from scheduling.models import Appointment

TITLE = "Запись: последний шаг в долях пяти голых запросов"
LANES = {1: 60, 8: 160, 32: 320}
"""Concurrency: bookings in one window."""
QUICK = {1: 4, 8: 8, 32: 32}
OF_FLOOR, KEPT, STATEMENTS = 0.40, 0.90, 12


def run(bench: Bench) -> list[Row]:
    rows = []
    with bench.copy(bench.database()) as database, database.here(), bench.web(database) as web:
        chances = Chances()
        for channel, prepare in booking_forms.CHANNELS.items():
            rows += measured(bench, web, channel, prepare, chances)
    return rows


def measured(bench: Bench, web: Web, channel: str, prepare: Prepare, chances: Chances) -> list[Row]:
    # Each worker learns its forms, and every connection its statements.
    bookings(web, prepare, chances, lanes=8, number=8 if bench.options.quick else 160)
    found = in_turns(bench, web, prepare, chances)
    rows = [row(channel, lanes, *series) for lanes, series in found.items()]
    kept = found[32][0].rate / found[8][0].rate
    rows.append(Row("  32 против 8", f"{kept:.0%}", f"≥ {KEPT:.0%}", round(kept, 2) >= KEPT, {"kept": kept}))
    request = prepare(chances.take(1))[0]
    asked = statements.of(request.here)
    ok = asked.count <= STATEMENTS and asked.result.status_code == 302
    rows.append(Row("  запросов к базе", str(asked), f"≤ {STATEMENTS}", ok, {"statements": list(asked.asked)}))
    return rows


def row(channel: str, lanes: int, booked: Series, floor: Series) -> Row:
    share = booked.rate / floor.rate
    value = f"{share:.0%} ({booked.rate:.0f}/с из {floor.rate:.0f}/с, p50 {booked.p50:.0f} мс, p95 {booked.p95:.0f} мс)"
    value += windows.note(booked, floor)
    numbers = {"share": share, "bookings": booked.numbers, "floor": floor.numbers}
    bar, ok = (f"≥ {OF_FLOOR:.0%}", round(share, 2) >= OF_FLOOR) if lanes == 8 else ("", None)
    return Row(f"{channel}, одновременно {lanes}", value, bar, ok, numbers)


def in_turns(bench: Bench, web: Web, prepare: Prepare, chances: Chances) -> dict[int, tuple[Series, Series]]:
    """Measures bookings and the floor of each concurrency, all in turns: concurrencies are compared as well."""
    per_window = QUICK if bench.options.quick else LANES
    things = []
    for lanes, number in per_window.items():
        things.append(partial(bookings, web, prepare, chances, lanes=lanes, number=number))
        things.append(partial(floor, web, chances.take(number), lanes))
    series = windows.in_turns(*things, windows=bench.options.windows)
    return dict(zip(per_window, zip(series[::2], series[1::2], strict=True), strict=True))


def floor(web: Web, chances: Sequence[Chance], lanes: int) -> Sample:
    sample = send(web, booking_forms.floor(chances), lanes, 302)
    booking_forms.undo(chances)
    return sample


def bookings(
    web: Web, prepare: Prepare, chances: Chances, *, lanes: int, number: int, offered_beside: bool = False
) -> Sample:
    """Sends the bookings. Raises Unexpected unless each made an appointment: a redirect alone proves nothing.

    Where times are `offered_beside`, one in twenty may be refused: a long service that begins beside a freed time keeps
    this one for somebody who waits.
    """
    taken = chances.take(number)
    sample = send(web, prepare(taken), lanes, 302, *([409] if offered_beside else []))
    made = Appointment.objects.filter(slots__in=[chance.slot for chance in taken]).count()
    refused = sample.statuses[409]
    if made != number - refused or refused > number / 20:
        raise Unexpected(f"записано {made} из {number}, ответы {dict(sample.statuses)}")
    return sample


def send(web: Web, requests: list, lanes: int, *statuses: int) -> Sample:
    """Sends each request on its own connection: a form is typed for longer than the server keeps one open (2 s)."""
    rendered = [request.render(keep=False) for request in requests]
    return client.drive(web.port, rendered, concurrency=lanes).require(*statuses)

"""Measures what Postgres alone does in a second of the statements that the product lives on."""

from django.db import connection

from bench import five, pgbench, read_pages, statements, subjects
from bench.bookable import Chances
from bench.databases import Database
from bench.harness import Bench
from bench.report import Row
from bench.requests import Request
from scheduling.models import Slot

TITLE = "База сама по себе: главные запросы голым SQL"
CLIENTS = (1, 8)
BOOKINGS = 2000
READY = """
    DROP TABLE IF EXISTS bench_ready; DROP SEQUENCE IF EXISTS bench_next;
    CREATE TABLE bench_ready (n bigint PRIMARY KEY, slot uuid, patient uuid); CREATE SEQUENCE bench_next;
"""
NEXT = """
SELECT slot, patient, gen_random_uuid() AS id FROM bench_ready WHERE n = (SELECT nextval('bench_next')) \\gset
BEGIN;
"""


def run(bench: Bench) -> list[Row]:
    with bench.copy(bench.database()) as database, database.here():
        asked = subjects.subject()
        scripts = {
            "день врача": longest(read_pages.day_of(asked)),
            "ближайшие времена": longest(read_pages.nearest_of(asked)),
        }
        rows = [reading(bench, database, name, sql, clients) for name, sql in scripts.items() for clients in CLIENTS]
        number = 200 if bench.options.quick else BOOKINGS
        prepare(number * len(CLIENTS))
        return rows + [booking(database, number, clients) for clients in CLIENTS]


def longest(request: Request) -> str:
    """Returns the statement over the slots from what the page asks."""
    request.here()
    reads = [sql for sql in statements.of(request.here).reads if Slot._meta.db_table in sql]
    return max(reads, key=len)


def reading(bench: Bench, database: Database, name: str, sql: str, clients: int) -> Row:
    found = pgbench.pace(database, f"{one_line(sql)};\n", clients=clients, seconds=5 * bench.options.seconds)
    return row(f"{name}, соединений {clients}", found)


def booking(database: Database, number: int, clients: int) -> Row:
    found = pgbench.pace(database, script(), clients=clients, each=number // clients)
    return row(f"пять запросов записи, соединений {clients}", found)


def row(name: str, found: pgbench.Pace) -> Row:
    numbers = {"per_second": found.per_second, "ms": found.ms}
    return Row(name, f"{found.per_second:.0f}/с, {found.ms:.2f} мс", numbers=numbers)


def prepare(number: int) -> None:
    """Makes a table of slots and patients, given out one after another."""
    chances = Chances().take(number)
    with connection.cursor() as cursor:
        cursor.execute(READY)
        with cursor.copy("COPY bench_ready FROM STDIN") as copy:
            for n, chance in enumerate(chances, start=1):
                copy.write_row((n, str(chance.slot), str(chance.patient)))


def script() -> str:
    """Returns the statements of the floor page with pgbench's own variables in place of parameters."""
    lock = five.LOCK % ":slot::uuid"
    write = [statement % {name: f":{name}::uuid" for name in ("id", "slot", "patient")} for statement in five.WRITE]
    return NEXT + "".join(f"{one_line(statement)};\n" for statement in (lock, *write)) + "COMMIT;\n"


def one_line(sql: str) -> str:
    return " ".join(sql.split())

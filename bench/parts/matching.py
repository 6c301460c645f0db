"""Measures what one freed slot costs the database as the waitlist grows, also when nobody on it wants the slot."""

from uuid import UUID

from django.db import connection, transaction

from bench import statements, waitlists
from bench.client import Unexpected
from bench.harness import Bench
from bench.options import short
from bench.report import Row
from bench.statements import Statements
from bench.waitlists import CASES
from scheduling.choices import ReleaseReason
from scheduling.models import SlotRelease
from waitlist import matching
from waitlist.models import WaitlistEntry

TITLE = "Подбор: освободившееся время против листа ожидания"
SLOTS = 100_000
PATIENTS = 100_000
WAITING = {1_000: 2.0, 100_000: 2.0, 1_000_000: 5.0}
"""Entries: at most so many milliseconds of search."""
STATEMENTS = 5
ENTRIES = WaitlistEntry._meta.db_table


def run(bench: Bench) -> list[Row]:
    sizes = list(WAITING)[: 2 if bench.options.quick else None]
    return [row for waiting in sizes for row in against(bench, waiting)]


def against(bench: Bench, waiting: int) -> list[Row]:
    base = bench.database(SLOTS, patients=PATIENTS, waiting=waiting)
    with bench.copy(base) as database, database.here():
        SlotRelease.objects.filter(handled_at=None).delete()
        freed = {case.name: waitlists.freed_slot(case) for case in CASES}
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {ENTRIES}")
        return [measured(name, slot, waiting) for name, slot in freed.items()]


def measured(name: str, slot: UUID, waiting: int) -> Row:
    with transaction.atomic():
        nothing = statements.of(matching.match_freed)
        transaction.set_rollback(True)
    with transaction.atomic():
        matched = release_and_match(slot)
        transaction.set_rollback(True)
    searches = [sql for sql in matched.reads if ENTRIES in sql]
    if not searches:
        raise Unexpected("подбор не спросил листа ожидания")
    search = statements.cost(searches, times=15)
    number = matched.count - nothing.count
    value = f"{search.ms:.2f} мс (план {search.planning:.2f}), {search.buffers} стр., запросов {number}"
    limit = WAITING[waiting]
    ok = round(search.ms, 2) <= limit and number <= STATEMENTS
    numbers: dict[str, object] = {"search_ms": round(search.ms, 3), "planning_ms": round(search.planning, 3)}
    numbers |= {"search_buffers": search.buffers, "statements": number, "asked": list(matched.asked)}
    return Row(f"{short(waiting)} ждут, {name}", value, f"≤ {limit:g} мс, ≤ {STATEMENTS}", ok, numbers)


def release_and_match(slot: UUID) -> Statements:
    """Measures matching without the cost of a run that finds nothing to do."""
    SlotRelease.objects.create(slot_id=slot, reason=ReleaseReason.CANCELLED)
    return statements.of(matching.match_freed)

"""Many clients at the same moment, each thread with a database connection of its own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.db import OperationalError, connection, models
from psycopg.errors import DeadlockDetected

from patients.errors import PatientError
from scheduling.errors import BookingError
from waitlist.errors import WaitlistError
from worklist.errors import WorklistError

Client = Callable[[], Any]
REFUSALS = (BookingError, PatientError, WaitlistError, WorklistError)
"""What a person may be told. Anything else that comes out of an action is a fault."""
THREADS = 32


@dataclass
class Outcome:
    values: list[Any] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    deadlocks: int = 0

    def refused_with(self) -> set[type]:
        return {type(error) for error in self.refusals}


def run_at_once(clients: Sequence[Client], *, threads: int = THREADS) -> Outcome:
    """Runs all clients, `threads` at once, the first of each thread at the same moment. Faults fail the test."""
    outcome = Outcome()
    shares = [clients[start::threads] for start in range(min(threads, len(clients)))]
    gate = threading.Barrier(len(shares))
    running = [threading.Thread(target=_run, args=(share, gate, outcome)) for share in shares]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if outcome.faults:
        raise AssertionError(f"{len(outcome.faults)} faults, the first is {outcome.faults[0]!r}") from outcome.faults[0]
    return outcome


def in_turns(*kinds: Sequence[Client]) -> list[Client]:
    """Returns one client of each kind in turn, so that every moment has a mixture."""
    return [client for turn in zip_longest(*kinds) for client in turn if client is not None]


def _run(share: Sequence[Client], gate: threading.Barrier, outcome: Outcome) -> None:
    def watch(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except OperationalError as error:
            outcome.deadlocks += isinstance(error.__cause__, DeadlockDetected)
            raise

    try:
        with connection.execute_wrapper(watch):
            wait_for_every_lock()
            gate.wait(30)
            for client in share:
                _one(client, outcome)
    except BaseException as error:
        gate.abort()
        outcome.faults.append(error)
    finally:
        connection.close()


def wait_for_every_lock() -> None:
    """Lets a loser wait for the winner's commit, however long on a busy machine, not for `lock_timeout`.

    A lock that is never freed ends with `statement_timeout` all the same, which is a fault.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")


def _one(client: Client, outcome: Outcome) -> None:
    try:
        outcome.values.append(client())
    except REFUSALS as error:
        outcome.refusals.append(error)
    except BaseException as error:
        outcome.faults.append(error)


@contextmanager
def dropped(model: type[models.Model], *names: str, heal: Callable[[], object]) -> Iterator[None]:
    """Drops these constraints for a negative control; `heal` removes what they would not have let in."""
    gone = [constraint for constraint in model._meta.constraints if constraint.name in names]
    assert len(gone) == len(names)
    with connection.schema_editor() as editor:
        for constraint in gone:
            editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        heal()
        with connection.schema_editor() as editor:
            for constraint in gone:
                editor.add_constraint(model, constraint)


OVERLAPS = """
    SELECT count(*) FROM scheduling_appointment a JOIN scheduling_appointment b
        ON a.id < b.id AND a.{column} = b.{column}
        AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
    WHERE NOT a.overbooked AND NOT b.overbooked
        AND a.status IN ('booked', 'arrived', 'checked-in', 'fulfilled')
        AND b.status IN ('booked', 'arrived', 'checked-in', 'fulfilled')
"""


def overlaps() -> dict[str, int]:
    """Returns pairs of active appointments that overlap, read from the table itself."""
    found = {}
    with connection.cursor() as cursor:
        for what in ("doctor", "room", "patient"):
            cursor.execute(OVERLAPS.format(column=f"{what}_id"))
            found[what] = cursor.fetchone()[0]
    return found

"""Advisory locks: a caller waits until the transaction that holds the lock has ended, and finds what it wrote."""

from django.db import OperationalError, transaction

from foundation.database.rows import fetch_values

ADVISORY_LOCK = "pg_advisory_xact_lock(hashtextextended(%(lock)s, 0))"
"""The lock as an expression in another statement.

What that statement itself reads may be older than the lock.
"""


def advisory_lock(key: str) -> None:
    """Takes the lock named `key` until the transaction ends."""
    fetch_values(f"SELECT {ADVISORY_LOCK}", {"lock": key})


def advisory_lock_soon(key: str) -> None:
    """Waits for the lock named `key` for a second at most and goes on without it: for what nothing may stop."""
    try:
        with transaction.atomic():
            fetch_values("SELECT set_config('lock_timeout', '1s', true)")
            advisory_lock(key)
    except OperationalError:
        return


def try_advisory_lock(key: str) -> bool:
    """Takes the lock without waiting; returns False when another transaction holds it."""
    (locked,) = fetch_values("SELECT pg_try_advisory_xact_lock(hashtextextended(%(lock)s, 0))", {"lock": key})
    return bool(locked)

"""Advisory locks: whoever takes one waits until the transaction that holds it has ended, and finds what it wrote."""

from foundation.database.rows import fetch_values

ADVISORY_LOCK = "pg_advisory_xact_lock(hashtextextended(%(lock)s, 0))"
"""For a statement that has something else to do as well. What that statement itself reads may be from before."""


def advisory_lock(key: str) -> None:
    """Take the lock named `key` until the transaction ends."""
    fetch_values(f"SELECT {ADVISORY_LOCK}", {"lock": key})


def try_advisory_lock(key: str) -> bool:
    """The same without waiting. False when somebody else holds it."""
    (locked,) = fetch_values("SELECT pg_try_advisory_xact_lock(hashtextextended(%(lock)s, 0))", {"lock": key})
    return bool(locked)

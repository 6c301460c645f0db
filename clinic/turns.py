"""One at a time: whoever names the same thing waits until the transaction before has ended, and finds what it wrote."""

from clinic.rows import ask

TURN = "pg_advisory_xact_lock(hashtextextended(%(turn)s, 0))"
"""For a statement that has something else to do as well. What that statement itself reads may be from before."""


def one_at_a_time(what: str) -> None:
    ask(f"SELECT {TURN}", {"turn": what})

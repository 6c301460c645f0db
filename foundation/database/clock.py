"""One clock for all processes, that of the database: what one machine keeps for somebody, no other sees lapse earlier.

The skew of this process is measured when a connection to the primary is opened, at most once a minute, with a question
to the driver outside any transaction. Between measures the hour costs no statement.
"""

import time
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

PAUSE = 60
"""Seconds for which a measured skew is believed."""

_NONE = timedelta()
_skew: timedelta = _NONE
_measured: float | None = None


def now() -> datetime:
    """Returns the moment that the clock of the database shows, as far as this process knows."""
    return timezone.now() + _skew


def measure(*, connection: BaseDatabaseWrapper, **sent: object) -> None:
    """Measures how far the clock of the database is ahead, unless that was done lately; hears of every new connection.

    Less than the question takes is no skew that anybody could tell.
    """
    global _skew, _measured
    if connection.alias != DEFAULT_DB_ALIAS or (_measured is not None and time.monotonic() < _measured + PAUSE):
        return
    asked = timezone.now()
    with connection.wrap_database_errors:
        (there,) = connection.connection.execute("SELECT clock_timestamp()").fetchone()
    took = timezone.now() - asked
    skew = there - (asked + took / 2)
    _skew = skew if abs(skew) > took else _NONE
    _measured = time.monotonic()

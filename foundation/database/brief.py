"""A transaction that is given up within a second: for what is asked often, and has to be answered soon."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

from foundation.database.patience import PatientConnection
from foundation.database.rows import fetch_values

_LIMITS = "SELECT set_config('lock_timeout', '500ms', true) || set_config('statement_timeout', '800ms', true)"


@contextmanager
def atomic() -> Iterator[None]:
    """Runs the block under limits of Postgres, and on a pool's connection with little patience for a silent server.

    Raises OperationalError when something in it takes too long.
    """
    connection.ensure_connection()
    line = connection.connection
    patience = line.short_of_patience() if isinstance(line, PatientConnection) else nullcontext()
    with patience, transaction.atomic():
        fetch_values(_LIMITS)
        yield

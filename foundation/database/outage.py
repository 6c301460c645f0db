"""Tells what is wrong with the database from the error that a statement has met; most errors are none of it."""

from enum import StrEnum

import psycopg
from django.db import Error, InterfaceError, OperationalError
from psycopg import errors
from psycopg_pool import PoolTimeout

from foundation.database.patience import NoAnswer

_AWAY = ("08", "57P")
"""The connection broke; the server is starting, stopping or has crashed."""
_FULL = (errors.DiskFull, errors.OutOfMemory, errors.ConfigurationLimitExceeded, errors.IoError)
_SILENT = (PoolTimeout, NoAnswer, errors.ConnectionTimeout)
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.TooManyConnections)


class Outage(StrEnum):
    AWAY = "away"
    SILENT = "silent"
    """The database gives no answer, and everybody who asks waits for the same nothing."""
    READ_ONLY = "read only"
    FULL = "full"
    BUSY = "busy"


_KINDS: dict[Outage, tuple[type[Exception], ...]] = {
    Outage.SILENT: _SILENT,
    Outage.READ_ONLY: (errors.ReadOnlySqlTransaction,),
    Outage.FULL: _FULL,
    Outage.BUSY: _BUSY,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """Returns what keeps the database from working; None for an error of the product."""
    cause = _cause(error)
    for outage, kinds in _KINDS.items():
        if isinstance(cause, kinds):
            return outage
    return Outage.AWAY if _is_away(error, cause) else None


def is_of_one_statement(error: BaseException | None) -> bool:
    """Tells whether a statement alone had no answer: the database may be there for all others."""
    return isinstance(_cause(error), NoAnswer)


def _cause(error: BaseException | None) -> BaseException | None:
    return error.__cause__ if isinstance(error, Error) else error


def _is_away(error: BaseException | None, cause: BaseException | None) -> bool:
    """Tells errors that come from no server, or from one that takes nobody in, from those about a statement."""
    lost = isinstance(error, OperationalError | InterfaceError) or isinstance(
        cause, psycopg.OperationalError | psycopg.InterfaceError
    )
    state = getattr(cause, "sqlstate", None)
    return lost and (state is None or state.startswith(_AWAY))

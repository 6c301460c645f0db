"""Reads that may come from a replica of the database; without REPLICA_URL nothing here is ever run.

Only what is marked may lag, only while a page is shown, and never behind what the same browser has written. What is
confirmed is decided by actions, and they read the primary.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from foundation.database import replica_lag
from foundation.database.replica_lag import REPLICA

P = ParamSpec("P")
R = TypeVar("R")

COOKIE = "wrote"
NEVER = 2**63
"""A position that no replica reaches, for a write whose position could not be read."""
READS = ("GET", "HEAD", "OPTIONS")

_alias: ContextVar[str] = ContextVar("the database that is read", default=DEFAULT_DB_ALIAS)
_wrote: ContextVar[int | None] = ContextVar("how far this browser has written; None: only the primary", default=None)


def may_lag(read: Callable[P, R]) -> Callable[P, R]:
    """Marks a function whose reads may come from the replica; it returns what it has read, not a query still to be run.

    A replica that fails on the way costs a second at most: the primary is read instead.
    """

    @wraps(read)
    def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _may_be_read():
            return read(*args, **kwargs)
        outer = _alias.set(REPLICA)
        try:
            with replica_lag.read_timeout():
                return read(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            replica_lag.stop_using(error)
            connections[REPLICA].close()
        finally:
            _alias.reset(outer)
        return read(*args, **kwargs)

    return marked


def alias() -> str:
    return _alias.get()


def connection() -> BaseDatabaseWrapper:
    """Returns the connection for hand-written SQL inside a marked read."""
    return connections[alias()]


def _may_be_read() -> bool:
    """Tells whether this read may lag: not inside a transaction, which reads where it writes."""
    position = _wrote.get()
    return (
        position is not None and not transaction.get_connection().in_atomic_block and replica_lag.has_replayed(position)
    )


class Router:
    """Sends reads to the replica inside marked reads alone, and names the primary itself everywhere else.

    A row that came from the replica must not lead back there. Only `scheduling` may lag: a session or a person looked
    up on the way must be as it is now.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return alias() if model._meta.app_label == "scheduling" else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class ReadYourWrites:
    """Remembers in the browser how far the primary's log went after its last write.

    It is a cookie, not the session: it costs no statement, goes along with a patient's link too, where there is no
    session, and may be forgotten when no replica may lag that long. It is signed, so that nobody sends a crowd to the
    primary.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            response = self.get_response(request)
            _remember(response)
            return response
        outer = _wrote.set(int(request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or 0))
        try:
            return self.get_response(request)
        finally:
            _wrote.reset(outer)


def _remember(response: HttpResponse) -> None:
    try:
        position = replica_lag.written()
    except Error:
        position = NEVER
    response.set_signed_cookie(
        COOKIE,
        str(position),
        salt=COOKIE,
        max_age=settings.REPLICA_MAX_LAG_SECONDS + 1,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

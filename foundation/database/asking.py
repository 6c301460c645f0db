"""Asks the database whether it is there, for all requests of the process."""

from django.db import Error, connection

from foundation.database import breaker


def answers() -> bool:
    """Asks the database once, and tells all other requests by the breaker."""
    try:
        connection.ensure_connection()
        usable: bool = connection.is_usable()
    except Error:
        usable = False
    if usable:
        breaker.is_there()
    else:
        breaker.is_away()
    return usable


def answers_anew() -> bool:
    """Asks on another connection than the one that had no answer."""
    connection.close()
    return answers()

"""A throwaway database for simulations, beside the configured one and gone with the command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test.utils import override_settings
from django.utils.translation import gettext_lazy as _

from back_office.simulation.clock import CALL_HOURS

SETTINGS = {
    "UNDO_SECONDS": 0,
    "CALL_HOURS": CALL_HOURS,
    "MESSAGE_ROUTES": {},
    "CATALOGUE_SECONDS": 0,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}
"""A step is final at once, no message leaves, nothing is remembered from one run to the next."""
REFUSED = _("This role may make no database for the simulation. Start the command as the owner: with AS_OWNER=1.")
_copies = count(1)


@contextmanager
def throwaway() -> Iterator[None]:
    """Makes an empty database for the block, from which each run gets a copy. Raises CommandError where it may not."""
    configured = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"simulation_of_{configured}_{os.getpid()}"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    except (DatabaseError, SystemExit) as error:
        raise CommandError(str(REFUSED)) from error
    try:
        yield
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


@contextmanager
def copied() -> Iterator[None]:
    """Makes the models live on a fresh copy of the throwaway database until the block ends."""
    original, suffix = dict(connection.settings_dict), f"run{next(_copies)}"
    connection.close()
    connection.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
    connection.settings_dict.update(connection.creation.get_test_db_clone_settings(suffix))
    connection.close()
    try:
        _in_no_hurry_to_disk()
        yield
    finally:
        connection.close()
        copy = connection.settings_dict["NAME"]
        connection.settings_dict.update(original)
        with connection.creation.connection._nodb_cursor() as server:
            server.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(copy)}")


@contextmanager
def settings_of_a_simulation(**changed: object) -> Iterator[None]:
    with override_settings(**SETTINGS | changed):
        yield


def _in_no_hurry_to_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")

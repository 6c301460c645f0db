"""Django's sessions in Django's table, each read and written by one plain statement: every office page waits for it."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.db import connection
from django.utils import timezone

from foundation.database.rows import fetch_values

_BACKEND_BEFORE, _BACKEND = "clinic.accounts.backend.StaffBackend", "foundation.accounts.backend.StaffBackend"

_SIGNS = frozenset(VALID_KEY_CHARS)
_LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
_SAVE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
# A power cut may take the last moments of a half-filled form, never a booking: nobody waits for the disk here.
_SAVE_SOON = f"""
    WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
    {_SAVE.replace(" WHERE", " FROM soon WHERE")}
"""


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """Takes a cookie that is no key of ours for none: it may hold what the database cannot store."""
        return bool(key and len(key) >= 8 and set(key) <= _SIGNS)

    def load(self) -> dict[str, Any]:
        found = fetch_values(_LOAD, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return {}
        (stored,) = found
        data: dict[str, Any] = self.decode(stored)
        if data.get(BACKEND_SESSION_KEY) == _BACKEND_BEFORE:  # signed in before the backend had its present address
            data[BACKEND_SESSION_KEY] = _BACKEND
        return data

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        values: list[Any] = [self.encode(dict(self.items())), self.get_expiry_date(), self.session_key]
        with connection.cursor() as cursor:
            cursor.execute(_SAVE if connection.in_atomic_block else _SAVE_SOON, values)
            if cursor.rowcount == 0:
                raise UpdateError

"""Every page and message says who the clinic is, so a process remembers it for a few seconds."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError

from foundation.database import breaker
from foundation.organization.models import Organization
from foundation.text import phones

COLUMNS = ("name", "legal_name", "licence", "phone", "address", "hours", "site")


@dataclass(slots=True)
class _Known:
    written: Mapping[str, str] = field(default_factory=dict)
    """It holds what the head has written; nothing before that."""
    until: float = 0.0


_known = _Known()


def clinic() -> Mapping[str, str]:
    """Returns what patients are told of the clinic: the words of its head, and before them those of the settings (R2).

    It is seconds old at most (`ORGANIZATION_SECONDS`). While the database does not answer, it is what was known last.
    """
    return {**settings.CLINIC, **_written()}


def as_known() -> tuple[str, ...]:
    """Returns the same as a key: what was rendered with another one is out of date."""
    return tuple(clinic().values())


def is_written() -> bool:
    """Tells whether a head has said who the clinic is."""
    return bool(_written())


def forget() -> None:
    """Has this process read it anew."""
    _known.until = 0.0


def row() -> Organization:
    """Returns the row to be edited: the one that is written, or a new one with what the settings say."""
    return Organization.objects.first() or Organization(**_by_the_settings())


def row_to_change() -> Organization:
    """Returns the row, made if it is not there yet, in the transaction of the change."""
    return Organization.objects.get_or_create(pk=Organization.ONLY, defaults=_by_the_settings())[0]


def _by_the_settings() -> dict[str, str]:
    return {name: settings.CLINIC[name] for name in COLUMNS} | {"phone": settings.CLINIC["phone_e164"]}


def _written() -> Mapping[str, str]:
    now = time.monotonic()
    if now >= _known.until and not breaker.is_known_away():
        _known.until = now + settings.ORGANIZATION_SECONDS  # first, so that a database that is away is asked once
        with suppress(DatabaseError):  # the page that says so has to show the clinic's phone
            _known.written = _read()
    return _known.written


def _read() -> Mapping[str, str]:
    found = Organization.objects.values(*COLUMNS).first()
    if found is None:
        return {}
    number = found["phone"].as_e164
    return found | {"phone": phones.shown(number), "phone_e164": number}

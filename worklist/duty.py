"""Somebody of the contact centre is on duty while a page of the office is open in their browser and asks for news."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from foundation.database import clock
from foundation.ttl_cache import ttl_cache
from worklist.choices import CLAIMED_WITH, TaskKind
from worklist.models import OnDuty

GONE_AFTER = timedelta(minutes=3)


def note(by: Actor) -> None:
    """Writes at most once a minute that this person is there, if they phone visitors at all.

    A database that takes no writes does not keep the page from being shown.
    """
    if by.may(CLAIMED_WITH[TaskKind.NO_CODE]):
        with suppress(DatabaseError), transaction.atomic():
            _noted(by.ref, int(clock.now().timestamp() // 60))


@ttl_cache
def _noted(ref: str, minute: int) -> bool:
    OnDuty.objects.update_or_create(by=ref, defaults={"seen_at": clock.now()})
    return True


def is_anybody() -> bool:
    return _there().exists()


def count() -> int:
    """Counts those who are there to phone."""
    return _there().count()


def there() -> dict[str, datetime]:
    """Returns who is there to phone, as actors, and when a page of theirs last asked for news."""
    return dict(_there().values_list("by", "seen_at"))


def _there() -> QuerySet[OnDuty]:
    return OnDuty.objects.filter(seen_at__gt=clock.now() - GONE_AFTER)

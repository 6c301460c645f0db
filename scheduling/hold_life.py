"""A visitor of the site has a time for so long at most, whatever they held in between (T110)."""

from datetime import datetime, timedelta

from django.conf import settings


def life() -> timedelta:
    """Returns how long a visitor's hold lives, however often it is prolonged."""
    return timedelta(minutes=settings.HOLD_LIFE_MINUTES)


def counts(begun: datetime, *, now: datetime) -> bool:
    """Tells whether a hold that began then still counts: after its life the time rests as long before a new one."""
    return now - 2 * life() < begun <= now

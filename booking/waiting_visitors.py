"""Visitors of the site whom no code reaches wait for a call: until when, and how the waiting ends."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.models import Slot
from waitlist import calling_hours
from waitlist.actions import requests
from waitlist.errors import NobodyCalls
from worklist import duty

LAST_CALL = timedelta(minutes=5)
"""No call is promised that would begin later than this before closing."""


def kept_until(slot: UUID) -> datetime:
    """Returns until when a time is kept for the contact centre. Raises NobodyCalls."""
    now = clock.now()
    closes = calling_hours.open_until(now)
    if closes is None or closes - now < LAST_CALL or not duty.is_anybody():
        raise NobodyCalls
    starts = Slot.objects.filter(pk=slot).values_list("starts_at", flat=True).first() or closes
    return min(now + timedelta(minutes=settings.HAND_OVER_MINUTES), closes, starts)


def close(request: UUID, *, by: Actor) -> None:
    """Closes a request that is no longer needed, with its task and its hold."""
    requests.close(request=request, by=by)
    requests.settle(request, by=by)

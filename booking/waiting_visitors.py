"""Visitors of the site whom no code reaches wait for a call: until when, by which task, and how the waiting ends."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from scheduling.models import Slot
from waitlist import calling_hours
from waitlist.actions import requests
from waitlist.errors import NobodyCalls
from worklist import duty
from worklist.actions import claims, tasks
from worklist.choices import TaskKind
from worklist.models import Task

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


def task_about(request: UUID) -> UUID:
    """Returns the last task about a request; the key of the request itself, which no task has, when there is none."""
    about = Task.objects.filter(kind=TaskKind.NO_CODE, subject=request).order_by("-created_at")
    return about.values_list("pk", flat=True).first() or request


def close(request: UUID, *, by: Actor) -> None:
    """Closes a request that is no longer needed, with its task and its hold."""
    requests.close(request=request, by=by)
    settle(request, by=by)


def settle(request: UUID, *, by: Actor, outcome: str = "") -> None:
    """Ends the task of a request, and the hold of its time if that still stands."""
    task = task_about(request)
    tasks.close_about(kind=TaskKind.NO_CODE, subjects=[request], by=by, outcome=outcome)
    claims.end_if_done(task=task, by=by)
    slots.drop(tokens=[request], reason=ReleaseReason.HOLD_DROPPED)

"""Reads of calls that came in through the telephone exchange."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Subquery

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.database import clock
from telephony.models import ExchangeCall

RINGS = timedelta(minutes=3)
"""A call that has rung for so long without a word is not ringing any more."""
LASTS = timedelta(hours=2)
"""The same, of a call that was answered."""


def calling_now(by: Actor) -> ExchangeCall | None:
    """Returns the call that rings at this person's extension or that they have answered; the newest of several."""
    now = clock.now()
    extension = Subquery(User.objects.filter(pk=by.ref.partition(":")[2]).exclude(extension="").values("extension"))
    rings = Q(answered_at=None, rang_at__gt=now - RINGS, rings_at__contains=[extension])
    talks = Q(answered_at__gt=now - LASTS, extension=extension)
    return ExchangeCall.objects.filter(rings | talks, ended_at=None).order_by("-rang_at").first()


def answered_since(*, number: str, moment: datetime) -> bool:
    """Tells whether somebody answered this number after the moment."""
    return ExchangeCall.objects.filter(number=number, answered_at__gt=moment).exists()


def newest_first() -> QuerySet[ExchangeCall]:
    return ExchangeCall.objects.order_by("-rang_at")

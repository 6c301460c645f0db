"""Reads of the waitlist and of requests for the lists on the screens."""

from uuid import UUID

from django.db.models import F, QuerySet

from waitlist.choices import OPEN, RequestState
from waitlist.models import CallAttempt, WaitlistEntry, WaitlistRequest


def open_entries() -> QuerySet[WaitlistEntry]:
    """Returns open entries in the order of R23, with what the list shows."""
    return (
        WaitlistEntry.objects.filter(state__in=OPEN)
        .select_related("patient", "specialty", "service", "representation")
        .order_by("priority", "created_at")
    )


def attempts(entry: UUID) -> QuerySet[CallAttempt]:
    return CallAttempt.objects.filter(entry=entry).order_by("-id")


def requests_waiting() -> QuerySet[WaitlistRequest]:
    """Returns requests handed over by the desk and the site, the oldest first.

    Those with a chosen time come first: its visitor waits for a call instead of a code.
    """
    of_time = ("slot__doctor", "slot__shift__room__location")
    return (
        WaitlistRequest.objects.filter(state=RequestState.HANDED_OVER)
        .select_related("patient", "specialty", "service", *of_time)
        .order_by(F("held_until").asc(nulls_last=True), "created_at")
    )

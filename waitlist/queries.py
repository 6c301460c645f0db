"""Reads of the waitlist's screens."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from waitlist.choices import OPEN, RequestState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest
from worklist import queries as worklist
from worklist.choices import TaskKind
from worklist.models import Task

CALLS = (TaskKind.FREED_TIME,)


def open_entries() -> QuerySet[WaitlistEntry]:
    """In the order of R23, with what the list shows."""
    return (
        WaitlistEntry.objects.filter(state__in=OPEN)
        .select_related("patient", "specialty", "service", "representation")
        .order_by("priority", "created_at")
    )


def queue(now: datetime | None = None) -> QuerySet[Task]:
    """Calls about freed times: first what may be called about now, then what is put off or being called about."""
    of_offer = ("offer__entry__specialty", "offer__patient", "offer__doctor", "offer__service")
    return worklist.queue(kinds=CALLS, now=now).select_related(*of_offer)


def due_count(now: datetime | None = None) -> int:
    return worklist.due(kinds=CALLS, now=now).count()


def call_of(operator: Actor) -> SlotOffer | None:
    """The call this operator is making."""
    task = worklist.in_hand(by=operator).filter(kind__in=CALLS).select_related("offer").first()
    return task.offer if task else None


def offer_with_facts(offer: UUID) -> SlotOffer | None:
    """Everything the call page tells: patient, representative, doctor, place, service."""
    return (
        SlotOffer.objects.select_related(
            "entry__specialty",
            "entry__representation__power_of_attorney",
            "entry__service",
            "patient",
            "doctor",
            "service",
            "slot__shift__room__location",
            "task",
        )
        .filter(pk=offer)
        .first()
    )


def attempts(entry: UUID) -> QuerySet[CallAttempt]:
    return CallAttempt.objects.filter(entry=entry).order_by("-id")


def requests_waiting() -> QuerySet[WaitlistRequest]:
    """Handed over by the desk and the site, the oldest first."""
    return (
        WaitlistRequest.objects.filter(state=RequestState.HANDED_OVER)
        .select_related("patient", "specialty", "service")
        .order_by("created_at")
    )

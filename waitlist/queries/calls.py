"""Reads of calls about freed times for the operators' screens."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from waitlist.models import SlotOffer
from worklist import queries as worklist
from worklist.choices import TaskKind
from worklist.queries import QueuedTask

CALLS = (TaskKind.FREED_TIME,)
DUE = (*CALLS, TaskKind.NO_CODE)


def queue(now: datetime | None = None) -> "QuerySet[QueuedTask]":
    """Returns the calls about freed times: first those due now, then those put off or being made."""
    of_offer = ("offer__entry__specialty", "offer__patient", "offer__doctor", "offer__service")
    place = "offer__slot__shift__room__location"
    return worklist.queue(kinds=CALLS, now=now).select_related(*of_offer, place)


def due_count(now: datetime | None = None) -> int:
    """Counts who is to be phoned now: about freed times, and visitors of the site whom no code reached."""
    return worklist.due(kinds=DUE, now=now).count()


def call_of(operator: Actor) -> SlotOffer | None:
    """Returns the offer this operator is calling about, or None."""
    task = worklist.claimed_tasks(by=operator).filter(kind__in=CALLS).select_related("offer").first()
    return task.offer if task else None


def offer_with_facts(offer: UUID) -> SlotOffer | None:
    """Returns an offer with all that the call page tells: patient, representative, doctor, place, service."""
    return (
        SlotOffer.objects.select_related(
            "entry__specialty",
            "entry__representation__power_of_attorney",
            "entry__service",
            "entry__earlier_than__room__location",
            "patient",
            "doctor",
            "service",
            "slot__shift__room__location",
            "task",
        )
        .filter(pk=offer)
        .first()
    )

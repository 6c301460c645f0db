"""Reads of calls about free times for the operators' screens."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from waitlist.choices import UNANSWERED
from waitlist.models import SlotOffer


def of_tasks(tasks: Iterable[UUID]) -> dict[UUID, SlotOffer]:
    """Returns the offers of these tasks by their keys, with all that a line of the queue tells."""
    of_offer = ("entry", "patient", "doctor", "service", "slot__shift__room__location")
    offers = SlotOffer.objects.filter(task__in=list(tasks)).select_related(*of_offer)
    return {offer.task_id: offer for offer in offers}


def unanswered(patient: UUID) -> QuerySet[SlotOffer]:
    """Returns what the patient is to be asked about, the nearest first."""
    related = ("doctor", "service", "task", "slot__shift__room__location")
    there = SlotOffer.objects.filter(patient=patient, state__in=UNANSWERED).select_related(*related)
    return there.order_by("starts_at")


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

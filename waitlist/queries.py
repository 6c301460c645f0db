"""Reads of the waitlist's screens."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from waitlist.actions import calls
from waitlist.choices import OPEN, OPEN_OFFER, OfferState, RequestState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest


def open_entries() -> QuerySet[WaitlistEntry]:
    """In the order of R23, with what the list shows."""
    return (
        WaitlistEntry.objects.filter(state__in=OPEN)
        .select_related("patient", "specialty", "service", "representation")
        .order_by("priority", "created_at")
    )


def queue(now: datetime | None = None) -> QuerySet[SlotOffer]:
    """Open offers: first what may be called about now, then what is put off, in the order «Следующий» takes them."""
    now = now or timezone.now()
    return (
        SlotOffer.objects.filter(state__in=OPEN_OFFER, expires_at__gt=now)
        .select_related("entry__specialty", "patient", "doctor", "service")
        .annotate(turn=Case(When(calls.due(now), then=Value(0)), default=Value(1), output_field=IntegerField()))
        .order_by("turn", *calls.QUEUE_ORDER)
    )


def due_count(now: datetime | None = None) -> int:
    return SlotOffer.objects.filter(calls.due(now or timezone.now())).count()


def call_of(operator_ref: str) -> SlotOffer | None:
    """The call this operator is making."""
    return SlotOffer.objects.filter(
        state=OfferState.CALLING, claimed_by=operator_ref, claim_until__gt=timezone.now()
    ).first()


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

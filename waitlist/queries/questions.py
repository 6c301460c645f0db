"""Reads of the questions whether a freed time would suit: behind a private link, and for the call about the time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.database import clock
from scheduling.models import Slot
from waitlist import links
from waitlist.choices import TimeReply
from waitlist.models import SlotOffer, TimeAnswer, TimeQuestion


def of_link(token: str) -> TimeQuestion | None:
    """Returns the question that a private link opens, with all that its page tells; None for any other."""
    shown = TimeQuestion.objects.select_related("entry__patient", "doctor", "service", "slot__shift__room__location")
    found = shown.filter(link_hash=links.hash_of(token)).first()
    return found if found and links.opens(token, found) else None


def ready_at(offers: Iterable[SlotOffer]) -> dict[UUID, datetime]:
    """Returns when the people of these offers have said by message that the time suits them, by offer."""
    asked = {(offer.entry_id, offer.slot_id): offer.pk for offer in offers}
    of_entries = TimeAnswer.objects.filter(question__entry__in={entry for entry, _slot in asked})
    told = of_entries.values_list("question__entry", "question__slot", "reply", "at")
    refused = {(entry, slot) for entry, slot, reply, _at in told if reply == TimeReply.NO}
    yes = {(entry, slot): at for entry, slot, _reply, at in told if (entry, slot) not in refused}
    return {asked[pair]: at for pair, at in yes.items() if pair in asked}


def is_there(question: TimeQuestion) -> bool:
    """Tells whether the asked time can still be had: nobody has it, and it is not too near to phone about."""
    ends_at = question.starts_at + timedelta(minutes=question.service.minutes)
    of_time = Slot.objects.filter(doctor=question.doctor_id, starts_at__gte=question.starts_at, starts_at__lt=ends_at)
    taken = of_time.exclude(appointment=None, absence=None)
    too_near = question.starts_at <= clock.now() + timedelta(minutes=settings.WAITLIST_STOP_MINUTES)
    return not too_near and not taken.exists()

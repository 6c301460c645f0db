"""Reads of the questions whether a freed time would suit: behind a private link, and for the call about the time."""

from datetime import timedelta

from django.conf import settings

from foundation.database import clock
from scheduling.models import Slot
from waitlist import links
from waitlist.models import TimeQuestion


def of_link(token: str) -> TimeQuestion | None:
    """Returns the question that a private link opens, with all that its page tells; None for any other."""
    shown = TimeQuestion.objects.select_related("entry__patient", "doctor", "service", "slot__shift__room__location")
    found = shown.filter(link_hash=links.hash_of(token)).first()
    return found if found and links.opens(token, found) else None


def is_there(question: TimeQuestion) -> bool:
    """Tells whether the asked time can still be had: nobody has it, and it is not too near to phone about."""
    ends_at = question.starts_at + timedelta(minutes=question.service.minutes)
    of_time = Slot.objects.filter(doctor=question.doctor_id, starts_at__gte=question.starts_at, starts_at__lt=ends_at)
    taken = of_time.exclude(appointment=None, absence=None)
    too_near = question.starts_at <= clock.now() + timedelta(minutes=settings.WAITLIST_STOP_MINUTES)
    return not too_near and not taken.exists()

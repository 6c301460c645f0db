"""Reads of emergencies: what nobody has taken yet, and the cases of a day (R14)."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from foundation.clock import day_bounds
from scheduling.models import EmergencyCase


def untaken() -> QuerySet[EmergencyCase]:
    """Returns the cases that every screen shows, the oldest first: nobody has taken them, and they are open."""
    return EmergencyCase.objects.filter(taken_at=None, closed_at=None).order_by("opened_at")


def of_patient(patient: UUID) -> QuerySet[EmergencyCase]:
    """Returns the cases that were joined with this record, the newest first."""
    return EmergencyCase.objects.filter(patient=patient).select_related("doctor").order_by("-opened_at")


def of_day(day: date) -> QuerySet[EmergencyCase]:
    """Returns all cases that were opened on a day, mistakes too, in order of time."""
    first, after = day_bounds(day)
    opened = EmergencyCase.objects.filter(opened_at__gte=first, opened_at__lt=after)
    return opened.select_related("doctor", "patient").order_by("opened_at")

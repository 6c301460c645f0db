"""Emergencies: a case is opened with one click, and nothing can refuse it (R14, R19)."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.choices import Urgency
from scheduling.models import Doctor, EmergencyCase


def open_case(*, by: Actor, urgency: Urgency = Urgency.EMERGENCY, description: str = "") -> EmergencyCase:
    """Opens a case, with the ambulance call for an emergency: the screen tells to dial, the time runs from here."""
    now = timezone.now()
    ambulance = {}
    if urgency == Urgency.EMERGENCY:
        ambulance = {
            "ambulance_called_at": now,
            "ambulance_called_by": by.name,
            "ambulance_number": settings.CLINIC["ambulance"],
        }
    case = EmergencyCase.objects.create(
        urgency=urgency,
        opened_at=now,
        opened_by=by.ref,
        opened_by_name=by.name,
        description=description,
        **ambulance,
    )
    trail.record(by=by, action="emergency.opened", object_ref=str(case.pk), urgency=urgency)
    return case


def describe(
    *,
    case: UUID,
    by: Actor,
    person: str = "",
    description: str = "",
    ambulance_reference: str = "",
    doctor: Doctor | None = None,
    outcome: str = "",
) -> EmergencyCase:
    """Adds what becomes known later; nothing is required."""
    row = EmergencyCase.objects.select_for_update().get(pk=case)
    row.person, row.description, row.ambulance_reference = person, description, ambulance_reference
    row.doctor, row.outcome = doctor, outcome
    row.save(update_fields=["person", "description", "ambulance_reference", "doctor", "outcome"])
    trail.record(by=by, action="emergency.described", object_ref=str(case))
    return row


def close(*, case: UUID, by: Actor) -> EmergencyCase:
    """Closes the case; a closed case stays as it is."""
    row = EmergencyCase.objects.select_for_update().get(pk=case)
    if row.closed_at is None:
        row.closed_at, row.closed_by = timezone.now(), by.ref
        row.save(update_fields=["closed_at", "closed_by"])
        trail.record(by=by, action="emergency.closed", object_ref=str(case))
    return row

"""Emergencies are opened with one press, and nothing can refuse them (R14, R19)."""

from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import emergencies
from scheduling.choices import Urgency
from scheduling.models import Doctor, EmergencyCase


@verb(Kind.BESIDE)
def open_emergency(*, by: Actor, urgency: Urgency = Urgency.EMERGENCY, description: str = "") -> EmergencyCase:
    """Opens the case with the ambulance call in the same step."""
    return emergencies.open_case(by=by, urgency=urgency, description=description)


@verb(Kind.BESIDE)
def describe_emergency(
    *,
    case: UUID,
    by: Actor,
    person: str = "",
    description: str = "",
    ambulance_reference: str = "",
    doctor: Doctor | None = None,
    outcome: str = "",
    closes: bool = False,
) -> EmergencyCase:
    """Adds what becomes known later, and closes the case if asked to; nothing is required."""
    described = emergencies.describe(
        case=case,
        by=by,
        person=person,
        description=description,
        ambulance_reference=ambulance_reference,
        doctor=doctor,
        outcome=outcome,
    )
    return emergencies.close(case=case, by=by) if closes else described

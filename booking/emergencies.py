"""Emergencies are opened with one press, and nothing can refuse them (R14, R19)."""

from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.changes import NO_CHANGES, Changes
from patients.models import Patient
from scheduling.actions import emergencies
from scheduling.choices import Urgency
from scheduling.models import EmergencyCase


@verb(Kind.BESIDE)
def open_emergency(
    *, by: Actor, urgency: Urgency = Urgency.EMERGENCY, description: str = "", another: bool = False
) -> EmergencyCase:
    """Opens the case with the ambulance call in the same step; a repeated press within seconds is the same case.

    `another` says that it is another patient's.
    """
    return emergencies.open_case(by=by, urgency=urgency, description=description, another=another)


@verb(Kind.BESIDE)
def take_emergency(*, case: UUID, by: Actor) -> EmergencyCase:
    """Takes the case off every screen; whoever was first stays."""
    return emergencies.take(case=case, by=by)


@verb(Kind.BESIDE)
def describe_emergency(*, case: UUID, by: Actor, changes: Changes = NO_CHANGES, closes: bool = False) -> EmergencyCase:
    """Adds what becomes known later, and closes the case if asked to; nothing is required. Raises ChangedMeanwhile."""
    described = emergencies.describe(case=case, changes=changes, by=by)
    return emergencies.close(case=case, by=by) if closes else described


@verb(Kind.BESIDE)
def link_emergency(*, case: UUID, patient: Patient | None, by: Actor) -> EmergencyCase:
    """Joins the case with the patient's record once they are known; None parts it from a wrong one."""
    return emergencies.link(case=case, patient=patient, by=by)


@verb(Kind.BESIDE)
def mark_emergency_mistaken(*, case: UUID, reason: str, by: Actor) -> EmergencyCase:
    """Closes a case that was opened by mistake and keeps the reason. Raises MistakeReasonNeeded."""
    return emergencies.mistake(case=case, reason=reason, by=by)


@verb(Kind.BESIDE)
def reopen_emergency(*, case: UUID, by: Actor) -> EmergencyCase:
    """Takes a closing back."""
    return emergencies.reopen(case=case, by=by)

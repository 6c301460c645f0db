"""Tells whoever comes to a booked visit about its day, as its own place counts it."""

from patients.instructions import VisitInstructions, instructions_for
from scheduling.models import Appointment


def instructions_of(visit: Appointment) -> VisitInstructions:
    """Returns what the patient of this visit, or who acts for them, is told; its room is read with the location."""
    day = visit.local_start.date()
    return instructions_for(day, patient=visit.patient, representation=visit.representation)

"""Answers who acts for a patient on the day of a visit, and so who comes with which papers."""

from datetime import date

from patients.ages import is_minor
from patients.choices import Applicant, Relation
from patients.demandable import applicant_for
from patients.errors import RepresentativeNeeded
from patients.models import Patient, Representation


def acting_on(day: date, *, patient: Patient, representation: Representation | None) -> Representation | None:
    """Returns who still acts for the patient on this day: nobody for an adult, and nobody whose term has ended."""
    if representation is None or not is_minor(patient.birth_date, day):
        return None
    ended = representation.valid_until is not None and representation.valid_until < day
    return None if ended else representation


def comes_as(day: date, *, patient: Patient, representation: Representation | None) -> Applicant:
    """Returns the matrix case of who comes on this day.

    A small child whom nobody represents any more is expected with a legal representative.
    """
    acting = acting_on(day, patient=patient, representation=representation)
    relation = Relation(acting.relation) if acting else None
    try:
        return applicant_for(birth_date=patient.birth_date, day=day, relation=relation)
    except RepresentativeNeeded:
        return Applicant.LEGAL_REPRESENTATIVE

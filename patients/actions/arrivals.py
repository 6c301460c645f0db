"""Papers on the day of the visit: what was not seen before is shown now, through whatever channel it was booked."""

from collections.abc import Sequence
from datetime import date

from foundation.accounts.actors import Actor
from patients.acting import acting_on, comes_as
from patients.actions import papers
from patients.choices import Channel
from patients.data import Seen
from patients.errors import PapersNotShown
from patients.models import Patient, RegistryEntry, Representation
from patients.queries.papers import missing


def check(day: date, *, patient: Patient, representation: Representation | None, seen: Sequence[Seen]) -> None:
    """Checks that all the papers of the matrix have been seen and are in force. Raises PapersNotShown."""
    if lacking := missing(day, patient=patient, representation=representation, seen=seen):
        raise PapersNotShown(lacking)


def record(
    day: date, *, patient: Patient, representation: Representation | None, seen: Sequence[Seen], by: Actor
) -> RegistryEntry:
    """Writes the registry entry with the documents that were seen at the desk on the day (R8)."""
    lacking = missing(day, patient=patient, representation=representation, seen=seen)
    return papers.keep(
        patient=patient,
        applicant=comes_as(day, patient=patient, representation=representation),
        channel=Channel.REGISTRY,
        seen=seen,
        by=by,
        representation=acting_on(day, patient=patient, representation=representation),
        verified=not lacking,
    )

"""Papers of the matrix that the clinic has seen, and those that a visit still lacks."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from patients.acting import acting_on, comes_as
from patients.choices import BIRTH_CERTIFICATES, IDENTITY_DOCUMENTS
from patients.data import Seen
from patients.demandable import Demandable, to_bring
from patients.errors import DocumentNotDemandable
from patients.models import IdentityDocument, Patient, Representation


def missing(
    day: date, *, patient: Patient, representation: Representation | None, seen: Sequence[Seen] = ()
) -> tuple[Demandable, ...]:
    """Returns the papers of the matrix that were seen neither before nor now; a power of attorney has to be in force.

    Raises DocumentNotDemandable (R7).
    """
    asked = to_bring(comes_as(day, patient=patient, representation=representation))
    now = {item.document for item in seen}
    if extra := now - set(asked):
        raise DocumentNotDemandable(extra)
    acting = acting_on(day, patient=patient, representation=representation)
    there = _shown(day, patient, acting) | (now - {Demandable.POWER_OF_ATTORNEY})
    return tuple(document for document in asked if document not in there)


def _shown(day: date, patient: Patient, acting: Representation | None) -> set[Demandable]:
    """Returns the documents of the applicant that were seen on any day and are good on this one."""
    theirs = Q(representation=acting) if acting else Q(patient=patient)
    current = IdentityDocument.objects.filter(replaced_at=None)
    seen = set()
    if current.filter(theirs, kind__in=IDENTITY_DOCUMENTS).exists():
        seen.add(Demandable.IDENTITY)
    if current.filter(patient=patient, kind__in=BIRTH_CERTIFICATES).exists():
        seen.add(Demandable.BIRTH_CERTIFICATE)
    power = acting.power_of_attorney if acting else None
    if power and power.in_force_on(day):
        seen.add(Demandable.POWER_OF_ATTORNEY)
    return seen

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


def last_seen(patient: Patient, acting: Representation | None) -> dict[Demandable, IdentityDocument]:
    """Returns the newest current document of each sort that the applicant has shown, without its number."""
    owner = Q(representation=acting) if acting else Q(patient=patient)
    own, of_child = owner & Q(kind__in=IDENTITY_DOCUMENTS), Q(patient=patient, kind__in=BIRTH_CERTIFICATES)
    current = IdentityDocument.objects.filter(own | of_child, replaced_at=None).defer("number")
    return {_sort_of(document): document for document in current.order_by("seen_at", "pk")}


def _sort_of(document: IdentityDocument) -> Demandable:
    return Demandable.BIRTH_CERTIFICATE if document.kind in BIRTH_CERTIFICATES else Demandable.IDENTITY


def _shown(day: date, patient: Patient, acting: Representation | None) -> set[Demandable]:
    """Returns the documents of the applicant that were seen on any day and are good on this one."""
    seen = set(last_seen(patient, acting))
    power = acting.power_of_attorney if acting else None
    if power and power.in_force_on(day):
        seen.add(Demandable.POWER_OF_ATTORNEY)
    return seen

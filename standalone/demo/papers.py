"""Papers that the desk saw: registry entries with documents, for some of those who came in person."""

from datetime import datetime

from foundation.accounts.actors import Actor
from patients.choices import Applicant, Channel, DocumentKind, Relation, SeenAs
from patients.demandable import Demandable, demandable
from patients.fields import blind_index
from patients.models import IdentityDocument, Patient, RegistryEntry, Representation
from scheduling.models import Appointment
from standalone.demo.backdated import backdated

KINDS = {Demandable.IDENTITY: DocumentKind.RF_PASSPORT, Demandable.BIRTH_CERTIFICATE: DocumentKind.BIRTH_CERTIFICATE}


def build(*, appointments: list[Appointment], by: Actor) -> None:
    """Makes one entry for each patient booked at the desk; the series of every passport here is zeros."""
    entries: list[RegistryEntry] = []
    documents: list[IdentityDocument] = []
    at_desk = {made.patient_id: made for made in appointments if made.channel == Channel.REGISTRY}
    for number, made in enumerate(at_desk.values(), start=1):
        patient, acting = made.patient, made.representation
        applicant = _applicant(acting)
        asked = demandable(channel=Channel.REGISTRY, applicant=applicant)
        seen = [
            {"document": document.value, "kind": KINDS.get(document, ""), "seen_as": SeenAs.ORIGINAL.value}
            for document in asked
        ]
        entries.append(
            RegistryEntry(
                patient=patient,
                representation=acting,
                applicant=applicant,
                channel=Channel.REGISTRY,
                documents_seen=seen,
                at=made.created_at,
                by=by.ref,
                by_name=by.name,
            )
        )
        documents.extend(_documents(patient, acting, number, made.created_at, by))
    with backdated(RegistryEntry, "at"):
        RegistryEntry.objects.bulk_create(entries)
    IdentityDocument.objects.bulk_create(documents)


def _applicant(acting: Representation | None) -> Applicant:
    if acting is None:
        return Applicant.PATIENT
    return Applicant.OTHER_PERSON if acting.relation == Relation.ATTORNEY else Applicant.LEGAL_REPRESENTATIVE


def _documents(
    patient: Patient, acting: Representation | None, number: int, at: datetime, by: Actor
) -> list[IdentityDocument]:
    passport = {"representation": acting} if acting else {"patient": patient}
    shown = [(passport, DocumentKind.RF_PASSPORT, f"0000 {number:06d}")]
    if acting:
        shown.append(({"patient": patient}, DocumentKind.BIRTH_CERTIFICATE, f"I-АА {number:06d}"))
    return [
        IdentityDocument(
            **owner,
            kind=kind,
            number=text,
            number_index=blind_index(text),
            last_digits=text[-4:],
            seen_as=SeenAs.ORIGINAL,
            seen_at=at,
            seen_by=by.ref,
        )
        for owner, kind, text in shown
    ]

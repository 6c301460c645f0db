"""`papers.record(...)`: the registry entry with the documents seen (R3–R8), and representation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from patients.choices import Applicant, Channel, DocumentKind, Relation, SeenAs
from patients.demandable import Demandable, demandable
from patients.errors import DocumentNotDemandable, DocumentsMissing, PowerOfAttorneyInvalid
from patients.fields import blind_index
from patients.models import IdentityDocument, Patient, PowerOfAttorney, RegistryEntry, Representation


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One document a registrar ticked. `kind` is empty for a power of attorney, `number` is optional everywhere."""

    document: Demandable
    kind: DocumentKind | None = None
    seen_as: SeenAs = SeenAs.ORIGINAL
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerData:
    principal_name: str
    signed_on: date
    valid_until: date
    notary: str = ""
    register_number: str = ""
    seen_as: SeenAs = SeenAs.ORIGINAL


@writes.atomic
def record(
    *,
    patient: Patient,
    applicant: Applicant,
    channel: Channel,
    seen: Sequence[Seen],
    by: Actor,
    representation: Representation | None = None,
    visit_day: date | None = None,
) -> RegistryEntry:
    """Writes the registry entry; the documents seen are exactly those of the matrix.

    Raises DocumentsMissing, DocumentNotDemandable (R7), PowerOfAttorneyInvalid.
    """
    asked = demandable(channel=channel, applicant=applicant)
    shown = {item.document for item in seen}
    if extra := shown - set(asked):
        raise DocumentNotDemandable(extra)
    if missing := tuple(document for document in asked if document not in shown):
        raise DocumentsMissing(missing)
    now = timezone.now()
    if Demandable.POWER_OF_ATTORNEY in asked:
        _check_power(representation, visit_day or timezone.localdate(now))
    for item in seen:
        _keep(item, patient=patient, representation=representation, by=by, now=now)
    if representation is not None and asked and representation.verified_at is None:
        representation.verified_at, representation.verified_by = now, by.ref
        representation.save(update_fields=["verified_at", "verified_by"])
    entry = RegistryEntry(
        patient=patient,
        representation=representation,
        applicant=applicant,
        channel=channel,
        documents_seen=[{"document": item.document, "kind": item.kind or "", "seen_as": item.seen_as} for item in seen],
        by=by.ref,
        by_name=by.name,
    )
    writes.insert(entry)
    trail.record(by=by, action="registry_entry.made", patient=patient.pk, object_ref=str(entry.pk))
    return entry


def _check_power(representation: Representation | None, day: date) -> None:
    power = representation.power_of_attorney if representation else None
    if power is None or not power.in_force_on(day):
        raise PowerOfAttorneyInvalid


def _keep(item: Seen, *, patient: Patient, representation: Representation | None, by: Actor, now: datetime) -> None:
    """The identity document is the applicant's, the birth certificate the child's; a power has a row of its own."""
    if item.kind is None:
        return
    of_applicant = item.document == Demandable.IDENTITY and representation is not None
    owner = {"representation": representation} if of_applicant else {"patient": patient}
    current = _current(item.kind, **owner) if item.number else None
    if current and current.number == item.number:
        writes.update([current], seen_as=item.seen_as, seen_at=now, seen_by=by.ref)
        return
    if current:
        current.replaced_at = now
        current.save(update_fields=["replaced_at"])  # before the new one: there is one current of a kind
    writes.insert(
        IdentityDocument(
            **owner,
            kind=item.kind,
            number=item.number,
            number_index=blind_index(item.number) if item.number else "",
            last_digits=item.number[-4:],
            seen_as=item.seen_as,
            seen_at=now,
            seen_by=by.ref,
        ),
        # A number that somebody else types at this moment is not lost in silence: one of the two is refused.
        conflict="" if item.number else _SEEN_AGAIN.format(owner=f"{next(iter(owner))}_id"),
    )


_SEEN_AGAIN = """
    ON CONFLICT ({owner}, kind) WHERE replaced_at IS NULL AND {owner} IS NOT NULL
    DO UPDATE SET seen_as = EXCLUDED.seen_as, seen_at = EXCLUDED.seen_at, seen_by = EXCLUDED.seen_by
"""


def _current(kind: DocumentKind, **owner: Patient | Representation) -> IdentityDocument | None:
    """The one shown before, locked."""
    return IdentityDocument.objects.select_for_update().filter(**owner, kind=kind, replaced_at=None).first()


def _same(kept: PowerOfAttorney | None, shown: PowerData) -> bool:
    """The same paper shown again: a form sent twice writes it once."""
    return kept is not None and all(getattr(kept, name) == value for name, value in asdict(shown).items())


@writes.atomic
def represent(
    *,
    patient: Patient,
    relation: Relation,
    last_name: str,
    first_name: str,
    patronymic: str = "",
    phone: str = "",
    by: Actor,
    person: Patient | None = None,
    power: PowerData | None = None,
) -> Representation:
    """Who acts for this patient, by word of mouth until `record` verifies it. The same person again is the same row."""
    known = Representation.objects.filter(
        patient=patient,
        relation=relation,
        last_name__iexact=last_name,
        first_name__iexact=first_name,
        patronymic__iexact=patronymic,
        valid_until=None,
    ).first()
    now = timezone.now()
    representation = known or Representation(
        patient=patient,
        relation=relation,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        valid_from=timezone.localdate(now),
    )
    representation.person = person or representation.person
    representation.phone = phone or representation.phone
    if power is not None and not _same(representation.power_of_attorney, power):
        representation.power_of_attorney = PowerOfAttorney.objects.create(**asdict(power), seen_at=now, seen_by=by.ref)
    representation.save()
    if known is None or power is not None:
        trail.record(by=by, action="representation.recorded", patient=patient.pk, object_ref=str(representation.pk))
    return representation

"""Writes registry entries with the documents that were seen (R3–R8)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from patients import numbers
from patients.choices import Applicant, Channel
from patients.data import OtherAdult, Seen
from patients.demandable import Demandable, demandable
from patients.errors import DocumentNotDemandable, DocumentsMissing, PowerOfAttorneyInvalid
from patients.fields import blind_index
from patients.models import IdentityDocument, Patient, RegistryEntry, Representation

Before = Mapping[Seen, IdentityDocument]
Owner = Mapping[str, Patient | Representation]


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
    other_adult: OtherAdult | None = None,
    before: Before | None = None,
) -> RegistryEntry:
    """Writes the registry entry; the documents seen are exactly those of the matrix.

    Raises what `check` raises. `before` is what `shown_before` has read for an action that writes something else as
    well.
    """
    day = visit_day or timezone.localdate()
    asked = check(applicant=applicant, channel=channel, seen=seen, representation=representation, day=day)
    return keep(
        patient=patient,
        applicant=applicant,
        channel=channel,
        seen=seen,
        by=by,
        representation=representation,
        other_adult=other_adult,
        before=before,
        verified=bool(asked),
    )


def keep(
    *,
    patient: Patient,
    applicant: Applicant,
    channel: Channel,
    seen: Sequence[Seen],
    by: Actor,
    representation: Representation | None,
    other_adult: OtherAdult | None = None,
    before: Before | None = None,
    verified: bool,
) -> RegistryEntry:
    """Writes the registry entry and the documents seen; `verified` tells that the representative has shown theirs.

    `other_adult` is who applies for an adult (R8).
    """
    now = timezone.now()
    if before is None:
        before = shown_before(seen, patient=patient, representation=representation)
    for item in sorted(seen, key=lambda item: item in before):  # one that replaces another has to come after its end
        _keep(item, before.get(item), _owner(item, patient, representation), by=by, now=now)
    if representation is not None and verified and representation.verified_at is None:
        writes.update([representation], verified_at=now, verified_by=by.ref)
    entry = RegistryEntry(
        patient=patient,
        representation=representation,
        applicant=applicant,
        **_named(other_adult),
        channel=channel,
        documents_seen=[_as_entered(item) for item in seen],
        by=by.ref,
        by_name=by.name,
    )
    writes.insert(entry)
    trail.record(by=by, action="registry_entry.made", patient=patient.pk, object_ref=str(entry.pk))
    return entry


def check(
    *, applicant: Applicant, channel: Channel, seen: Sequence[Seen], representation: Representation | None, day: date
) -> tuple[Demandable, ...]:
    """Checks that exactly the papers of the matrix were seen and a power of attorney is in force on `day`.

    Returns them. Raises DocumentsMissing, DocumentNotDemandable (R7), PowerOfAttorneyInvalid.
    """
    asked = demandable(channel=channel, applicant=applicant)
    shown = {item.document for item in seen}
    if extra := shown - set(asked):
        raise DocumentNotDemandable(extra)
    if missing := tuple(document for document in asked if document not in shown):
        raise DocumentsMissing(missing)
    if Demandable.POWER_OF_ATTORNEY in asked:
        if representation is None or representation.power_of_attorney is None:
            raise PowerOfAttorneyInvalid
        check_power(representation, day)
    return asked


def check_power(representation: Representation | None, day: date) -> None:
    """Checks that a power of attorney that was shown is in force on `day`. Raises PowerOfAttorneyInvalid."""
    power = representation.power_of_attorney if representation else None
    if power is not None and not power.in_force_on(day):
        raise PowerOfAttorneyInvalid


def shown_before(seen: Sequence[Seen], *, patient: Patient, representation: Representation | None) -> Before:
    """Locks and returns the current documents of the same kind and owner as those seen now with a number."""
    current = {}
    for item in seen:
        if item.number and item.kind:
            owner = _owner(item, patient, representation)
            shown = IdentityDocument.objects.select_for_update().filter(**owner, kind=item.kind, replaced_at=None)
            if known := shown.first():
                current[item] = known
    return current


def _owner(item: Seen, patient: Patient, representation: Representation | None) -> Owner:
    """Returns the owner of a document: the applicant of an identity document, the child of a birth certificate."""
    if item.document == Demandable.IDENTITY and representation is not None:
        return {"representation": representation}
    return {"patient": patient}


def _named(other_adult: OtherAdult | None) -> dict[str, str]:
    if other_adult is None:
        return {}
    return {
        "applicant_name": other_adult.name,
        "applicant_acts_as": other_adult.acts_as,
        "applicant_paper": str(other_adult.paper or ""),
    }


def _as_entered(item: Seen) -> dict[str, str]:
    """Returns what the registry entry keeps of a document: of a number no more than how it ends."""
    entered = {"document": str(item.document), "kind": str(item.kind or ""), "seen_as": str(item.seen_as)}
    return entered | ({"ends": ends} if (ends := numbers.key(item.number)[-2:]) else {})


def _keep(item: Seen, current: IdentityDocument | None, owner: Owner, *, by: Actor, now: datetime) -> None:
    """Writes a document that was seen, in place of the current one when the number differs.

    A power of attorney has a row of its own.
    """
    if item.kind is None:
        return
    if current and current.has(item.number):
        writes.update([current], seen_as=item.seen_as, seen_at=now, seen_by=by.ref)
        return
    if current:
        writes.update([current], replaced_at=now)
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

"""`representations.record(...)`: who acts for a patient, by word of mouth until `papers.record` verifies it."""

from dataclasses import asdict

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from patients.data import PowerData, RepresentativeData
from patients.models import Patient, PowerOfAttorney, Representation


@writes.atomic
def record(
    *,
    patient: Patient,
    who: RepresentativeData,
    by: Actor,
    person: Patient | None = None,
    power: PowerData | None = None,
) -> Representation:
    """The same person again is the same row. `person` is the representative's own record."""
    known = Representation.objects.filter(
        patient=patient,
        relation=who.relation,
        last_name__iexact=who.last_name,
        first_name__iexact=who.first_name,
        patronymic__iexact=who.patronymic,
        valid_until=None,
    ).first()
    representation = known or Representation(
        patient=patient,
        relation=who.relation,
        last_name=who.last_name,
        first_name=who.first_name,
        patronymic=who.patronymic,
        valid_from=timezone.localdate(),
    )
    representation.person = person or representation.person
    representation.phone = who.phone or representation.phone
    _keep(representation, power, by=by)
    if known is None or power is not None:
        _recorded(representation, by=by)
    return representation


@writes.atomic
def show_power(*, representation: Representation, power: PowerData, by: Actor) -> Representation:
    """Who is known already has shown a power of attorney (R5)."""
    _keep(representation, power, by=by)
    _recorded(representation, by=by)
    return representation


def _keep(representation: Representation, power: PowerData | None, *, by: Actor) -> None:
    """The same paper shown again is written once: a form may be sent twice."""
    if power is not None and not _same(representation.power_of_attorney, power):
        representation.power_of_attorney = PowerOfAttorney.objects.create(
            **asdict(power), seen_at=timezone.now(), seen_by=by.ref
        )
    representation.save()


def _same(kept: PowerOfAttorney | None, shown: PowerData) -> bool:
    return kept is not None and all(getattr(kept, name) == value for name, value in asdict(shown).items())


def _recorded(representation: Representation, *, by: Actor) -> None:
    trail.record(
        by=by,
        action="representation.recorded",
        patient=representation.patient_id,
        object_ref=str(representation.pk),
    )

"""Records who acts for a patient, by word of mouth until `papers.record` verifies it; puts it right and ends it."""

from datetime import date

from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import ChangedMeanwhile, Changes, Edited, as_text
from foundation.database import writes
from patients.actions import own_records
from patients.choices import EndReason, Relation
from patients.data import PowerData, RepresentativeData
from patients.errors import TermNotPossible
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
    """Records a representative of a patient; the same person recorded again is the same row.

    `person` is the representative's own record. Another number of somebody who is known is a correction: their own
    record and those who act by it follow.
    """
    known = Representation.objects.filter(
        patient=patient,
        relation=who.relation,
        last_name__iexact=who.last_name,
        first_name__iexact=who.first_name,
        patronymic__iexact=who.patronymic,
        valid_until=None,
    ).first()
    if known and who.phone and as_text(who.phone) != as_text(known.phone):
        correct(representation=known, changes=Changes({"phone": who.phone}), power=None, by=by)
    columns = {"person": person, "power_of_attorney": _shown(power, before=known, by=by)}
    given = {name: value for name, value in columns.items() if value}
    if known is None:
        representation = _new(patient, who, phone=who.phone, **given)
        writes.insert(representation)
    else:
        representation = known
        _change(known, **given)
    if known is None or power is not None:
        _recorded(representation, by=by)
    return representation


@writes.atomic
def record_power(*, representation: Representation, power: PowerData, by: Actor) -> Representation:
    """Records a power of attorney of a representative who is known already (R5)."""
    if shown := _shown(power, before=representation, by=by):
        _change(representation, power_of_attorney=shown)
    _recorded(representation, by=by)
    return representation


@writes.atomic
def correct(*, representation: Representation, changes: Changes, power: Changes | None, by: Actor) -> Edited:
    """Corrects who acts for a patient and, of an attorney, the power of attorney that was shown.

    Whoever becomes a legal representative needs no power of attorney. Their own record and those who act by it follow.
    Raises ChangedMeanwhile, also when they are no attorney any more.
    """
    if representation.person_id is not None:
        own_records.lock(representation.person_id)
    representation.refresh_from_db(from_queryset=Representation.objects.select_for_update())
    edited = changes.apply(representation)
    is_attorney = representation.relation == Relation.ATTORNEY
    if power is not None and not is_attorney:
        raise ChangedMeanwhile(["relation"])
    if power is not None:
        edited |= _correct_power(representation, power, by=by)
    if not is_attorney:
        representation.power_of_attorney = None
    if edited:
        columns = [name for name in edited if name in changes.values]
        representation.save(update_fields=[*columns, "power_of_attorney", "search_name"])
        _recorded(representation, by=by, action="representation.corrected", changed=before_and_after(edited))
        own_records.follow_representation(representation, edited, by=by)
    return edited


@writes.atomic
def end(*, representation: Representation, last_day: date, reason: EndReason, by: Actor) -> None:
    """Records the last day on which somebody acts for a patient; once recorded it stays. Raises TermNotPossible."""
    ended = Representation.objects.select_for_update(of=["self"]).get(pk=representation.pk)
    if ended.valid_until is not None:
        return
    if not ended.valid_from <= last_day <= timezone.localdate():
        raise TermNotPossible
    writes.update([representation], valid_until=last_day)
    trail.record(
        by=by,
        action="representation.ended",
        patient=ended.patient_id,
        object_ref=str(ended.pk),
        last_day=last_day.isoformat(),
        reason=reason,
    )


def _new(patient: Patient, who: RepresentativeData, **given: object) -> Representation:
    return Representation(
        patient=patient,
        relation=who.relation,
        last_name=who.last_name,
        first_name=who.first_name,
        patronymic=who.patronymic,
        valid_from=timezone.localdate(),
        **given,
    )


def _change(representation: Representation, **given: object) -> None:
    if given:
        writes.update([representation], **given)


def _shown(power: PowerData | None, *, before: Representation | None, by: Actor) -> PowerOfAttorney | None:
    """Writes a row for a power of attorney; returns None for the one shown before: a form may be sent twice."""
    if power is None or _same(before.power_of_attorney if before else None, power):
        return None
    shown = PowerOfAttorney(**power.columns(), seen_at=timezone.now(), seen_by=by.ref)
    writes.insert(shown)
    return shown


def _same(kept: PowerOfAttorney | None, shown: PowerData) -> bool:
    return kept is not None and all(getattr(kept, name) == value for name, value in shown.columns().items())


def _correct_power(representation: Representation, changes: Changes, *, by: Actor) -> Edited:
    """Puts the power of attorney right where it stands; one that was not recorded is seen now."""
    known = representation.power_of_attorney_id
    power = (
        PowerOfAttorney.objects.select_for_update().get(pk=known)
        if known
        else PowerOfAttorney(seen_at=timezone.now(), seen_by=by.ref)
    )
    edited = changes.apply(power)
    if edited:
        power.save()
        representation.power_of_attorney = power
    return edited


def _recorded(
    representation: Representation, *, by: Actor, action: str = "representation.recorded", **details: object
) -> None:
    trail.record(
        by=by,
        action=action,
        patient=representation.patient_id,
        object_ref=str(representation.pk),
        **details,
    )

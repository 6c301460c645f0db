"""A person who acts for others and has a record of their own is one: what is corrected in one place is right in all."""

from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Edited, as_text
from foundation.database import writes
from patients.errors import MergedMeanwhile
from patients.models import Patient, Representation

SHARED = ("last_name", "first_name", "patronymic", "phone")
"""Columns that both have. What was the same stays the same; a number that only one of them has stays theirs."""


@writes.atomic
def link(*, representation: Representation, person: Patient | None, by: Actor) -> None:
    """Records whose own record that of a representative is, or that it is nobody's; a number is known to both then.

    Raises MergedMeanwhile.
    """
    record = lock(person.pk) if person else None
    if record and record.merged_into_id:
        raise MergedMeanwhile
    representation.refresh_from_db(from_queryset=Representation.objects.select_for_update())
    if representation.person_id == (record.pk if record else None):
        return
    representation.person = record
    representation.save(update_fields=["person"])
    trail.record(
        by=by,
        action="representation.linked" if record else "representation.parted",
        patient=representation.patient_id,
        object_ref=str(representation.pk),
        **({"person": str(record.pk)} if record else {}),
    )
    if record and record.phone and not representation.phone:
        _write(representation, {"phone": ("", record.phone)}, by=by)
    elif record and representation.phone and not record.phone:
        _write(record, {"phone": ("", representation.phone)}, by=by)


def lock(person: UUID) -> Patient:
    """Locks a record before whoever acts by it, in the order in which a correction of it does."""
    return Patient.objects.select_for_update(no_key=True).get(pk=person)


def follow_record(person: Patient, edited: Edited, *, by: Actor) -> None:
    """Writes what was corrected in a locked record wherever the person acts by it."""
    if edited.keys() & set(SHARED):
        rows = Representation.objects.select_for_update().filter(person=person, valid_until=None)
        for row in rows.order_by("pk"):
            _write(row, edited, by=by)


def follow_representation(representation: Representation, edited: Edited, *, by: Actor) -> None:
    """Writes what was corrected of a representative to their own record, which is locked, and wherever they act."""
    if representation.person_id is not None:
        person = lock(representation.person_id)
        follow_record(person, _write(person, edited, by=by), by=by)


def _write(row: Patient | Representation, edited: Edited, *, by: Actor) -> Edited:
    """Writes the shared columns that stood there as they stood where they were corrected; returns what was written."""
    same = {
        name: (before, after)
        for name, (before, after) in edited.items()
        if name in SHARED and as_text(getattr(row, name)) == as_text(before)
    }
    if same:
        for name, (_before, after) in same.items():
            setattr(row, name, after)
        row.save(update_fields=[*same, "search_name"])
        _written(row, same, by=by)
    return same


def _written(row: Patient | Representation, edited: Edited, *, by: Actor) -> None:
    changed = before_and_after(edited)
    if isinstance(row, Patient):
        trail.record(by=by, action="patient.corrected", patient=row.pk, changed=changed)
    else:
        patient, action = row.patient_id, "representation.corrected"
        trail.record(by=by, action=action, patient=patient, object_ref=str(row.pk), changed=changed)

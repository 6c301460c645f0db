"""Writes that two records are of one person, and takes it back; what hangs on them is moved by `booking.merging`."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Field

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Changes, Edited, as_text, changed_since
from foundation.database import clock, writes
from patients.data import PersonData
from patients.errors import MergeNotPossible, RecordsChanged
from patients.models import Patient, PatientMerge
from patients.queries import doubles

Moved = Mapping[str, list[str]]
"""Keys of rows by the table and column that named the merged record."""


def lock(*records: Patient) -> dict[Any, Patient]:
    """Locks the records against new visits and wishes; they come in one order, so that nobody waits in a ring."""
    rows = Patient.objects.select_for_update().filter(pk__in=[record.pk for record in records]).order_by("pk")
    return {row.pk: row for row in rows}


def check_seen(seen: Mapping[str, str], *, kept: Patient, merged: Patient) -> None:
    """Checks that both records are as whoever merges them has seen them, by these digests. Raises RecordsChanged."""
    if changed := changed_since(seen, doubles.recorded_in_both(kept, merged)):
        raise RecordsChanged(changed)


@writes.atomic
def record(*, kept: Patient, merged: Patient, chosen: Collection[str], moved: Moved, by: Actor) -> PatientMerge:
    """Makes `merged` a part of `kept`, which takes the `chosen` columns from it. Raises MergeNotPossible."""
    if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id:
        raise MergeNotPossible
    values = {name: getattr(merged, name) for name in chosen if name in PersonData.__slots__}
    edited = _correct(kept, values)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    merge = PatientMerge(
        kept=kept,
        merged=merged,
        columns={name: [as_text(before), as_text(after)] for name, (before, after) in edited.items()},
        moved=dict(moved),
        by=by.ref,
        by_name=by.name,
    )
    writes.insert(merge)
    _written(by, "patient.merged", kept, merged, edited)
    return merge


@writes.atomic
def undo(*, merge: PatientMerge, kept: Patient, merged: Patient, by: Actor) -> Edited:
    """Makes two records of them again and returns what was put back; what somebody has corrected since then stays.

    A later merge that has written over a value of this one goes back to the value before this one.
    """
    before = {name: old for name, (old, new) in merge.columns.items() if as_text(getattr(kept, name)) == new}
    edited = _correct(kept, {name: _column(name).to_python(old) for name, old in before.items()})
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    _hand_on(merge)
    writes.update([merge], undone_at=clock.now(), undone_by=by.ref)
    _written(by, "patient.merge_undone", kept, merged, edited)
    return edited


def _hand_on(merge: PatientMerge) -> None:
    """Writes what stood there before this merge into the later ones that found its values."""
    later = PatientMerge.objects.filter(kept=merge.kept_id, undone_at=None, at__gte=merge.at).exclude(pk=merge.pk)
    for each in later.select_for_update():
        for name, (before, after) in merge.columns.items():
            if name in each.columns and each.columns[name][0] == after:
                each.columns[name][0] = before
        writes.update([each], columns=each.columns)


def _column(name: str) -> "Field[Any, Any]":
    field = Patient._meta.get_field(name)
    assert isinstance(field, Field)  # a column, not a relation that comes from elsewhere
    return field


def _correct(record: Patient, values: Mapping[str, object]) -> Edited:
    edited = Changes(values).apply(record)
    if edited:
        record.save(update_fields=[*edited, "search_name"])
    return edited


def _written(by: Actor, action: str, kept: Patient, merged: Patient, edited: Edited) -> None:
    changed = before_and_after(edited)
    trail.record(by=by, action=action, patient=kept.pk, object_ref=str(merged.pk), changed=changed)

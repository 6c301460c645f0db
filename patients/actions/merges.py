"""Writes that two records are of one person, and takes it back; what hangs on them is moved by `booking.merging`."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Field
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from patients.data import PersonData
from patients.errors import MergeNotPossible
from patients.models import Patient, PatientMerge

Moved = Mapping[str, list[str]]
"""Keys of rows by the table and column that named the merged record."""


def lock(*records: Patient) -> dict[Any, Patient]:
    """Locks the records against new visits and wishes; they come in one order, so that nobody waits in a ring."""
    rows = Patient.objects.select_for_update().filter(pk__in=[record.pk for record in records]).order_by("pk")
    return {row.pk: row for row in rows}


@writes.atomic
def record(*, kept: Patient, merged: Patient, chosen: Collection[str], moved: Moved, by: Actor) -> PatientMerge:
    """Makes `merged` a part of `kept`, which takes the `chosen` columns from it. Raises MergeNotPossible."""
    if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id:
        raise MergeNotPossible
    columns = {name: [_text(kept, name), _text(merged, name)] for name in chosen if _differs(kept, merged, name)}
    _correct(kept, {name: getattr(merged, name) for name in columns})
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    merge = PatientMerge(
        kept=kept, merged=merged, columns=columns, moved=dict(moved), by=by.ref, by_name=by.name, at=timezone.now()
    )
    writes.insert(merge)
    trail.record(by=by, action="patient.merged", patient=kept.pk, object_ref=str(merged.pk), fields=sorted(columns))
    return merge


@writes.atomic
def undo(*, merge: PatientMerge, kept: Patient, merged: Patient, by: Actor) -> None:
    """Makes two records of them again; a column that somebody has corrected since then stays as it is."""
    before = {name: values[0] for name, values in merge.columns.items() if _text(kept, name) == values[1]}
    _correct(kept, {name: _column(name).to_python(value) for name, value in before.items()})
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    writes.update([merge], undone_at=timezone.now(), undone_by=by.ref)
    trail.record(by=by, action="patient.merge_undone", patient=kept.pk, object_ref=str(merged.pk))


def _differs(kept: Patient, merged: Patient, name: str) -> bool:
    return name in PersonData.__slots__ and _text(kept, name) != _text(merged, name)


def _text(record: Patient, name: str) -> str:
    return str(_column(name).value_to_string(record))


def _column(name: str) -> "Field[Any, Any]":
    field = Patient._meta.get_field(name)
    assert isinstance(field, Field)  # a column, not a relation that comes from elsewhere
    return field


def _correct(record: Patient, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(record, name, value)
    if columns:
        record.save(update_fields=[*columns, "search_name"])

"""Use cases of two records that are one person: merged with all that hangs on them, and parted again (R9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from booking import gate, merge_rows, rebook_tasks, task_numbers, tell_tasks
from booking.holding import BrokenVisit
from booking.merge_conflicts import conflicts_of
from booking.reaching import lock_visits
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.actions import merges, own_records
from patients.errors import MergeHasConflicts, MergeNotPossible, MergeTooOld
from patients.models import Patient, PatientMerge
from patients.queries import families
from scheduling.choices import UPCOMING
from scheduling.models import Appointment
from waitlist.choices import OPEN
from waitlist.models import WaitlistEntry
from worklist.actions.numbers import Keys

UNDO_DAYS = 30


@dataclass(frozen=True, slots=True)
class Merged:
    merge: PatientMerge
    broken: list[BrokenVisit]
    """Visits ahead that do not hold with the data of the record that stays."""


@verb(Kind.CORRECT)
def merge_patients(
    *, kept: Patient, merged: Patient, chosen: Collection[str], by: Actor, seen: Mapping[str, str] | None = None
) -> Merged:
    """Makes one record of two: all that hangs on `merged` hangs on `kept`, which takes the `chosen` columns from it.

    `seen` are the digests of both records as they were chosen from; without them nobody has looked. Raises
    MergeNotPossible, RecordsChanged, MergeHasConflicts.
    """
    gate.check()
    locked = merges.lock(kept, merged)
    if len(locked) < 2:
        raise MergeNotPossible
    kept, merged = locked[kept.pk], locked[merged.pk]
    if seen is not None:
        merges.check_seen(seen, kept=kept, merged=merged)
    lock_visits([kept, merged])
    if conflicts_of(kept, merged):
        raise MergeHasConflicts
    to_phone = _calls_of(kept, merged)
    moved = merge_rows.to_move(merged=merged, kept=kept)
    merge = merges.record(kept=kept, merged=merged, chosen=chosen, moved=moved, by=by)
    own_records.follow_record(kept, {name: (old, new) for name, (old, new) in merge.columns.items()}, by=by)
    merge_rows.give(moved, of=merged, to=kept)
    task_numbers.follow(to_phone)
    return Merged(merge, _judged_anew(kept, by=by))


@verb(Kind.CORRECT)
def undo_merge(*, merge: UUID, by: Actor) -> Merged:
    """Parts two records again: each has what it had, and what was made of it or about it since then.

    All else that came since the merge stays with the record that was kept. Parted once more they stay as they are.
    Raises MergeTooOld, MergeNotPossible while the kept record is itself a part.
    """
    gate.check()
    row = PatientMerge.objects.select_for_update(of=["self"]).select_related("kept", "merged").get(pk=merge)
    if row.undone_at:
        return Merged(row, [])
    if row.at < timezone.now() - timedelta(days=UNDO_DAYS):
        raise MergeTooOld
    locked = merges.lock(row.kept, row.merged)
    kept, merged = locked[row.kept_id], locked[row.merged_id]
    if kept.merged_into_id:
        raise MergeNotPossible
    lock_visits([kept, merged])
    to_phone = _calls_of(kept, merged)
    put_back = merges.undo(merge=row, kept=kept, merged=merged, by=by)
    merge_rows.give(merge_rows.to_go_back(row.moved, since=row.at), of=kept, to=merged)
    own_records.follow_record(kept, put_back, by=by)
    _part_from_strangers(kept, merged)
    task_numbers.follow(to_phone)
    return Merged(row, _judged_anew(kept, merged, by=by))


def _calls_of(*records: Patient) -> Keys:
    """Returns by which keys the calls of both records are claimed, and of those for whom they act."""
    return task_numbers.claimed_by(*(patient for record in records for patient in families.of_record(record)))


def _judged_anew(*records: Patient, by: Actor) -> list[BrokenVisit]:
    """Returns the visits that no longer hold, and sends to the number of now what was not delivered to another one."""
    visits = Appointment.objects.filter(patient__in=records)
    tell_tasks.follow_number(visits, by=by)
    return rebook_tasks.renew_for(visits)


def _part_from_strangers(*records: Patient) -> None:
    """Takes whoever acts for the other record alone from the visits and wishes ahead."""
    for rows in (
        Appointment.objects.filter(status__in=UPCOMING),
        WaitlistEntry.objects.filter(state__in=OPEN),
    ):
        named = rows.filter(patient__in=records, representation__isnull=False)
        named.exclude(representation__patient=F("patient")).update(representation=None)

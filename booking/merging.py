"""Use cases of two records that are one person: merged with all that hangs on them, and parted again (R9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from booking import gate, rebook_tasks, task_numbers, tell_tasks
from booking.holding import BrokenVisit
from booking.merge_conflicts import conflicts_of
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.actions import merges
from patients.errors import MergeHasConflicts, MergeNotPossible, MergeTooOld
from patients.models import IdentityDocument, Patient, PatientMerge, Representation
from scheduling.choices import UPCOMING
from scheduling.models import Appointment, EmergencyCase
from waitlist.choices import OPEN
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.models import Task

UNDO_DAYS = 30
MOVED: tuple[tuple[type[Model], str], ...] = (
    (Appointment, "patient"),
    (SlotOffer, "patient"),
    (WaitlistEntry, "patient"),
    (WaitlistRequest, "patient"),
    (Task, "patient"),
    (EmergencyCase, "patient"),
    (IdentityDocument, "patient"),
    (Representation, "patient"),
    (Representation, "person"),
    (Patient, "merged_into"),
)
"""Columns that name the kept record after a merge. Append-only rows stay with the record of which they told."""


@dataclass(frozen=True, slots=True)
class Merged:
    merge: PatientMerge
    broken: list[BrokenVisit]
    """Visits ahead that do not hold with the data of the record that stays."""


@verb(Kind.CORRECT)
def merge_patients(*, kept: Patient, merged: Patient, chosen: Collection[str], by: Actor) -> Merged:
    """Makes one record of two: all that hangs on `merged` hangs on `kept`, which takes the `chosen` columns from it.

    Raises MergeNotPossible, MergeHasConflicts.
    """
    gate.check()
    locked = merges.lock(kept, merged)
    if len(locked) < 2:
        raise MergeNotPossible
    kept, merged = locked[kept.pk], locked[merged.pk]
    _lock_visits(kept, merged)
    if conflicts_of(kept, merged):
        raise MergeHasConflicts
    to_phone = task_numbers.claimed_by(kept, merged)
    moved = {_name(model, column): _keys(model, column, kept, merged) for model, column in MOVED}
    merge = merges.record(kept=kept, merged=merged, chosen=chosen, moved=moved, by=by)
    _give(moved, of=merged, to=kept)
    task_numbers.follow(to_phone)
    return Merged(merge, _judged_anew(kept, by=by))


@verb(Kind.CORRECT)
def undo_merge(*, merge: UUID, by: Actor) -> Merged:
    """Parts two records again: each has what it had, and what came since then stays with the one that was kept.

    Parted once more they stay as they are. Raises MergeTooOld, MergeNotPossible while the kept record is itself a part.
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
    _lock_visits(kept, merged)
    moved = {**row.moved, _name(Appointment, "patient"): _with_follow_ups(row.moved[_name(Appointment, "patient")])}
    to_phone = task_numbers.claimed_by(kept, merged)
    merges.undo(merge=row, kept=kept, merged=merged, by=by)
    _give(moved, of=kept, to=merged)
    _part_from_strangers(kept, merged)
    task_numbers.follow(to_phone)
    return Merged(row, _judged_anew(kept, merged, by=by))


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


def _lock_visits(*records: Patient) -> None:
    visits = Appointment.objects.select_for_update().filter(patient__in=records).order_by("pk")
    list(visits.values_list("pk"))


def _keys(model: type[Model], column: str, kept: Patient, merged: Patient) -> list[str]:
    rows: QuerySet[Model] = model._default_manager.filter(**{column: merged})
    if model is IdentityDocument:
        shown = IdentityDocument.objects.filter(patient=kept, replaced_at=None).values("kind")
        rows = rows.filter(~Q(replaced_at=None) | ~Q(kind__in=shown))
    if model is Representation:  # nobody represents themselves
        rows = rows.exclude(**{"person" if column == "patient" else "patient": kept})
    return [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]


def _give(moved: Mapping[str, list[str]], *, of: Patient, to: Patient) -> None:
    """Writes the other record into the rows that still name the one; an entry carries the birth date as well."""
    for model, column in MOVED:
        more = {"birth_date": to.birth_date} if model is WaitlistEntry else {}
        rows = model._default_manager.filter(pk__in=moved.get(_name(model, column), []), **{column: of})
        rows.update(**{column: to, **more})


def _with_follow_ups(visits: list[str]) -> list[str]:
    """Adds the visits that follow up one of these: they are of the same patient, wherever that goes."""
    found = newest = {UUID(visit) for visit in visits}
    while newest:
        following = Appointment.objects.filter(follow_up_of__in=newest).values_list("pk", flat=True)
        newest = set(following) - found
        found = found | newest
    return sorted(map(str, found))


def _name(model: type[Model], column: str) -> str:
    return f"{model._meta.db_table}.{column}"

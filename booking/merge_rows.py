"""The rows that move with a record when it becomes part of another one, and that go back when they are parted (R9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from patients.actions.merges import Moved
from patients.models import IdentityDocument, Patient, PatientMerge, RegistryEntry, Representation
from scheduling.models import Appointment, EmergencyCase
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.models import Task

Keys = set[UUID]
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
TOLD = (Appointment, WaitlistEntry, WaitlistRequest, EmergencyCase, IdentityDocument, Representation, RegistryEntry)
"""Tables of which somebody who parts two records is told what stays where it is."""


def to_move(*, merged: Patient, kept: Patient) -> Moved:
    """Returns the keys of the rows that go from one record to the other, by table and column."""
    return {_name(model, column): _texts(_rows(model, column, kept, merged)) for model, column in MOVED}


def to_go_back(moved: Moved, *, since: datetime) -> Moved:
    """Adds what was made since the merge about the rows that go back: wherever these are, it is of the same person.

    An entry was made of a request, a visit of an entry, a follow-up of a visit; offers and tasks are about them.
    """
    entries = _moved(WaitlistEntry, moved)
    entries |= _found(WaitlistEntry, requests__in=_moved(WaitlistRequest, moved), created_at__gte=since)
    visits = _with_follow_ups(_moved(Appointment, moved) | _found(Appointment, waitlist_entries__in=entries))
    followed: Mapping[type[Model], Keys] = {
        WaitlistEntry: entries,
        Appointment: visits,
        SlotOffer: _moved(SlotOffer, moved) | _found(SlotOffer, entry__in=entries),
        Task: _moved(Task, moved) | _found(Task, subject__in=entries | visits),
    }
    return {**moved, **{_name(model, "patient"): _texts(keys) for model, keys in followed.items()}}


def staying(merge: PatientMerge) -> dict[type[Model], int]:
    """Counts by table what came to the kept record since the merge, and stays there when the records are parted.

    Nobody can guess of whom it tells: whoever parts them looks through it. Keys of rows are in order of their making.
    """
    going = to_go_back(merge.moved, since=merge.at)
    since = {model: model._default_manager.filter(patient=merge.kept_id, pk__gt=merge.pk) for model in TOLD}
    counts = {model: rows.exclude(pk__in=_moved(model, going)).count() for model, rows in since.items()}
    return {model: count for model, count in counts.items() if count}


def give(moved: Moved, *, of: Patient, to: Patient) -> None:
    """Writes the other record into the rows that still name the one; an entry carries the birth date as well."""
    for model, column in MOVED:
        more = {"birth_date": to.birth_date} if model is WaitlistEntry else {}
        rows = model._default_manager.filter(pk__in=moved.get(_name(model, column), []), **{column: of})
        rows.update(**{column: to, **more})


def _rows(model: type[Model], column: str, kept: Patient, merged: Patient) -> Iterable[UUID]:
    rows: QuerySet[Model] = model._default_manager.filter(**{column: merged})
    if model is IdentityDocument:
        shown = IdentityDocument.objects.filter(patient=kept, replaced_at=None).values("kind")
        rows = rows.filter(~Q(replaced_at=None) | ~Q(kind__in=shown))
    if model is Representation:  # nobody represents themselves
        rows = rows.exclude(**{"person" if column == "patient" else "patient": kept})
    return rows.values_list("pk", flat=True)


def _with_follow_ups(visits: Keys) -> Keys:
    found = newest = visits
    while newest:
        newest = _found(Appointment, follow_up_of__in=newest) - found
        found = found | newest
    return found


def _moved(model: type[Model], moved: Moved) -> Keys:
    return set(map(UUID, moved.get(_name(model, "patient"), [])))


def _found(model: type[Model], **about: Keys | datetime) -> Keys:
    return set(model._default_manager.filter(**about).values_list("pk", flat=True))


def _texts(keys: Iterable[UUID]) -> list[str]:
    return sorted(map(str, keys))


def _name(model: type[Model], column: str) -> str:
    return f"{model._meta.db_table}.{column}"

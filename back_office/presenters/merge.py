from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from back_office.forms.merge import MergeForm
from booking import merge_rows
from booking.merge_conflicts import Conflicts, conflicts_of
from booking.merging import UNDO_DAYS
from patients.models import Patient, PatientMerge
from patients.queries import doubles
from scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class MergePage:
    """The page shows both records, what moves with the second one and what has to be ended before."""

    patient: Patient
    other: Patient
    form: MergeForm
    visits: Sequence[Appointment]
    conflicts: Conflicts
    alike: bool
    """The names and birth dates are nearly the same; else it is more likely that these are two people."""
    sentence: str = ""

    @classmethod
    def of(cls, kept: Patient, other: Patient, form: MergeForm, *, sentence: str = "") -> "MergePage":
        visits = Appointment.objects.filter(patient=other).select_related("doctor", "service", "room__location")
        return cls(
            patient=kept,
            other=other,
            form=form,
            visits=list(visits.order_by("-starts_at")),
            conflicts=conflicts_of(kept, other),
            alike=doubles.alike(kept, other),
            sentence=sentence,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """The line of a card tells of a record that became part of it."""

    pk: UUID
    name: str
    card_number: str
    at: datetime
    by_name: str
    until: datetime | None
    """The merge can be taken back until then; None when it is too late."""
    staying: Sequence[str]
    """Kinds of rows that came since and stay with the kept record, with how many of each."""


def parts_of(patient: Patient) -> list[Part]:
    merges = PatientMerge.objects.filter(kept=patient, undone_at=None).select_related("merged")
    return [_part(merge) for merge in merges]


def _part(merge: PatientMerge) -> Part:
    until = merge.at + timedelta(days=UNDO_DAYS)
    return Part(
        pk=merge.pk,
        name=merge.merged.full_name,
        card_number=merge.merged.card_number,
        at=merge.at,
        by_name=merge.by_name,
        until=until if until > timezone.now() else None,
        staying=_staying(merge) if until > timezone.now() else [],
    )


def _staying(merge: PatientMerge) -> list[str]:
    return [f"{model._meta.verbose_name_plural}: {count}" for model, count in merge_rows.staying(merge).items()]

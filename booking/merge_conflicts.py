"""Finds what two records have both that one person cannot have; somebody has to end one of the two."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from patients.models import Patient
from scheduling.choices import ACTIVE
from scheduling.models import Appointment
from waitlist.choices import OPEN
from waitlist.models import WaitlistEntry


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Visits and wishes of both records that one person cannot have."""

    visits: list[Appointment]
    """Visits of the record to be merged that overlap with one of the other."""
    entries: list[WaitlistEntry]

    def __bool__(self) -> bool:
        return bool(self.visits or self.entries)


def conflicts_of(kept: Patient, merged: Patient) -> Conflicts:
    """Returns what has to be ended first, in two statements."""
    own = Appointment.objects.filter(patient=kept, status__in=ACTIVE, overbooked=False)
    overlapping = own.filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    theirs = Appointment.objects.filter(Exists(overlapping), patient=merged, status__in=ACTIVE, overbooked=False)
    waits_for = WaitlistEntry.objects.filter(patient=kept, state__in=OPEN).values("specialty")
    entries = WaitlistEntry.objects.filter(patient=merged, state__in=OPEN, specialty__in=waits_for)
    return Conflicts(list(theirs.select_related("doctor", "room__location")), list(entries.select_related("specialty")))

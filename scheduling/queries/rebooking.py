"""Finds the times to offer instead of a visit that an absence strands (S04)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from foundation.clock import day_of
from foundation.database import replica
from scheduling.choices import UPCOMING, Alternative
from scheduling.models import Appointment
from scheduling.queries import availability
from scheduling.queries.read_models import FreeSlot
from scheduling.wishes import TimeWishes

ASKED = 5
"""How many starts of each idea are read, as one may be proposed already or be at another visit of the patient."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A start that nobody holds, and the idea behind it."""

    idea: Alternative
    slot: FreeSlot


@replica.may_lag
def proposals(visit: Appointment, *, now: datetime | None = None) -> list[Proposal]:
    """Returns the best start of each idea, the best idea first, in four statements whatever their number.

    No two are the same start, none overlaps another visit of the patient. An idea that finds nothing is left out.
    """
    now = now or timezone.now()
    busy = _other_visits(visit, now)
    found: dict[object, Proposal] = {}
    for idea, starts in _ideas(visit, now):
        free = (start for start in starts if start.pk not in found and not _overlaps(start, visit, busy))
        if start := next(free, None):
            found[start.pk] = Proposal(idea, start)
    return list(found.values())


def _ideas(visit: Appointment, now: datetime) -> Iterator[tuple[Alternative, Sequence[FreeSlot]]]:
    service, born, day = visit.service, visit.patient.birth_date, day_of(visit.starts_at)
    same_doctor = TimeWishes(doctor_ids=[visit.doctor_id], not_before=visit.starts_at, birth_date=born)
    yield Alternative.SAME_DOCTOR, availability.nearest(service=service, wishes=same_doctor, limit=ASKED, now=now)
    same_day = TimeWishes(date_from=day, date_until=day, birth_date=born)
    others = availability.closest(
        to=visit.starts_at, service=service, wishes=same_day, not_of=visit.doctor_id, limit=ASKED, now=now
    )
    yield Alternative.SAME_DAY, others
    anybody = TimeWishes(birth_date=born)
    yield Alternative.SOONEST, availability.nearest(service=service, wishes=anybody, limit=ASKED, now=now)


def _other_visits(visit: Appointment, now: datetime) -> list[tuple[datetime, datetime]]:
    ahead = Appointment.objects.filter(patient=visit.patient_id, status__in=UPCOMING, ends_at__gt=now)
    return list(ahead.exclude(pk=visit.pk).values_list("starts_at", "ends_at"))


def _overlaps(start: FreeSlot, visit: Appointment, busy: Sequence[tuple[datetime, datetime]]) -> bool:
    ends_at = start.starts_at + timedelta(minutes=visit.service.minutes)
    return any(begins < ends_at and start.starts_at < ends for begins, ends in busy)

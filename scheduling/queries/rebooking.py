"""Finds the times to offer instead of a visit that an absence strands (S04)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from foundation.database import clock, replica
from scheduling.choices import UPCOMING, Alternative
from scheduling.models import Appointment
from scheduling.queries import availability
from scheduling.queries.read_models import FreeSlot
from scheduling.wishes import TimeWishes

WANTED = 3
ASKED, ASKED_OF_ANY = 5, 30
"""How many starts are read for an idea, as most of them are beside one another; one is proposed."""
NOON = 12
Place = tuple[UUID, date, bool]
"""A doctor, a day and a half of it: two proposals in one place would be no choice."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A start that nobody holds, and the idea behind it."""

    idea: Alternative
    slot: FreeSlot

    @property
    def place(self) -> Place:
        wall = self.slot.local_start
        return self.slot.doctor_id, wall.date(), wall.hour < NOON


@replica.may_lag
def proposals(visit: Appointment, *, now: datetime | None = None) -> list[Proposal]:
    """Returns up to three starts, the best idea first, in four statements whatever their number.

    They differ by doctor, by day or by its half, and none overlaps another visit of the patient. An idea that finds
    nothing leaves its place to the next soonest start.
    """
    now = now or clock.now()
    busy = _other_visits(visit, now)
    chosen: dict[Place, Proposal] = {}
    for idea, starts in _ideas(visit, now):
        number = WANTED if idea == Alternative.SOONEST else len(chosen) + 1
        for each in (Proposal(idea, start) for start in starts if not _overlaps(start, visit, busy)):
            if len(chosen) < number:
                chosen.setdefault(each.place, each)
    return list(chosen.values())


def _ideas(visit: Appointment, now: datetime) -> Iterator[tuple[Alternative, Sequence[FreeSlot]]]:
    service, born, day = visit.service, visit.patient.birth_date, visit.local_start.date()
    same_doctor = TimeWishes(doctor_ids=[visit.doctor_id], not_before=visit.starts_at, birth_date=born)
    yield Alternative.SAME_DOCTOR, availability.nearest(service=service, wishes=same_doctor, limit=ASKED, now=now)
    same_day = TimeWishes(date_from=day, date_until=day, birth_date=born)
    others = availability.closest(
        to=visit.starts_at, service=service, wishes=same_day, not_of=visit.doctor_id, limit=ASKED, now=now
    )
    yield Alternative.SAME_DAY, others
    anybody = TimeWishes(birth_date=born)
    yield Alternative.SOONEST, availability.nearest(service=service, wishes=anybody, limit=ASKED_OF_ANY, now=now)


def _other_visits(visit: Appointment, now: datetime) -> list[tuple[datetime, datetime]]:
    ahead = Appointment.objects.filter(patient=visit.patient_id, status__in=UPCOMING, ends_at__gt=now)
    return list(ahead.exclude(pk=visit.pk).values_list("starts_at", "ends_at"))


def _overlaps(start: FreeSlot, visit: Appointment, busy: Sequence[tuple[datetime, datetime]]) -> bool:
    ends_at = start.starts_at + timedelta(minutes=visit.service.minutes)
    return any(begins < ends_at and start.starts_at < ends for begins, ends in busy)

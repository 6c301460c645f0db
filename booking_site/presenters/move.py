"""On these pages patients move their own visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.models import Appointment, Slot
from scheduling.queries import replica_availability
from scheduling.queries.availability import TimeWishes
from scheduling.queries.read_models import FreeSlot

SAME_DOCTOR_TIMES = 6


@dataclass(frozen=True, slots=True)
class MovePage:
    """The page offers free times: the same doctor's first, then those of colleagues."""

    visit: Appointment
    token: str
    error: str
    same: Sequence[FreeSlot]
    others: Sequence[FreeSlot]
    later: date | None
    """The day after all that is shown; None when nothing is."""

    @classmethod
    def of(cls, visit: Appointment, token: str, *, first: date, error: Exception | None = None) -> "MovePage":
        same, others = _of_same_doctor(visit, first), _of_others(visit, first)
        last = max((slot.local_start.date() for slot in (*same, *others)), default=None)
        return cls(
            visit=visit,
            token=token,
            error=str(error or ""),
            same=same,
            others=others,
            later=last + timedelta(days=1) if last else None,
        )


@dataclass(frozen=True, slots=True)
class ConfirmMovePage:
    """The page asks once more before the visit is moved."""

    visit: Appointment
    token: str
    slot: Slot


def _of_same_doctor(visit: Appointment, first: date) -> Sequence[FreeSlot]:
    wishes = TimeWishes(doctor_ids=[visit.doctor_id], date_from=first)
    return replica_availability.nearest(service=visit.service, wishes=wishes, limit=SAME_DOCTOR_TIMES)


def _of_others(visit: Appointment, first: date) -> Sequence[FreeSlot]:
    colleagues = list(visit.service.doctors.exclude(pk=visit.doctor_id).values_list("pk", flat=True))
    if not colleagues:
        return []
    return replica_availability.nearest(
        service=visit.service, wishes=TimeWishes(doctor_ids=colleagues, date_from=first)
    )

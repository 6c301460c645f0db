"""The lines of the search box, for the register, the booking panel and calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foundation.clock import WallTime
from foundation.text import phones
from scheduling.models import Appointment
from scheduling.queries.find_people import Found
from scheduling.queries.upcoming import next_visits


@dataclass(frozen=True, slots=True)
class NextVisit:
    pk: UUID
    starts_at: WallTime
    doctor: str


@dataclass(frozen=True, slots=True)
class FoundPatient:
    pk: UUID
    full_name: str
    age: int
    birth_date: date
    last_digits: str
    """The last four of the number to call: of whoever was meant, of the patient or of who acts for them."""
    card_number: str
    through: str
    """Who acts for the patient, when it was they who were looked for."""
    comes_today: bool
    next_visit: NextVisit | None = None

    @classmethod
    def of(cls, found: Found, visit: Appointment | None = None) -> "FoundPatient":
        patient, through = found.patient, found.through
        return cls(
            pk=patient.pk,
            full_name=patient.full_name,
            age=patient.age,
            birth_date=patient.birth_date,
            last_digits=phones.last_digits(str(through.phone if through and through.phone else patient.phone)),
            card_number=patient.card_number,
            through=str(through or ""),
            comes_today=found.comes_today,
            next_visit=NextVisit(visit.pk, visit.local_start, visit.doctor.short_name) if visit else None,
        )


def found_rows(found: Iterable[Found]) -> list[FoundPatient]:
    return [FoundPatient.of(each) for each in found]


def found_with_visits(found: Sequence[Found]) -> list[FoundPatient]:
    visits = next_visits(each.patient.pk for each in found)
    return [FoundPatient.of(each, visits.get(each.patient.pk)) for each in found]

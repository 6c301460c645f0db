from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise

from booking_site.presenters.links import Links
from booking_site.presenters.month import DAY, WEEKS, Cell, weeks_from
from booking_site.queries import catalogue
from booking_site.queries.times import next_free_after
from scheduling.queries import replica_availability
from scheduling.queries.availability import TimeWishes
from scheduling.queries.read_models import FreeSlot, ShownDoctor, ShownService


@dataclass(frozen=True, slots=True)
class DaysPage:
    """The page counts the free times of each day in five weeks, of all doctors or of one."""

    service: ShownService
    doctors: list[ShownDoctor]
    doctor: str
    """The address of the one that is asked for; empty when all are."""
    weekdays: Sequence[str | Promise]
    weeks: list[list[Cell]]
    next_free: FreeSlot | None
    """The first time after these weeks; it is looked for when they have none."""
    nothing_free: bool
    links: Links
    earlier: date | None
    later: date

    @classmethod
    def of(cls, service: ShownService, *, doctor: str, first: date, own_hold: UUID | None) -> "DaysPage":
        """Makes the page; a `doctor` who does not give this service stands for all who do."""
        doctors = catalogue.doctors_of(service)
        chosen = [one for one in doctors if one.slug == doctor]
        only = chosen[0].slug if chosen else ""
        monday = first - timedelta(days=first.weekday())
        later = monday + timedelta(weeks=WEEKS)
        wishes = TimeWishes(date_from=monday, date_until=later - DAY)
        free = replica_availability.free_days(
            service=service, doctors=chosen or doctors, wishes=wishes, own_hold=own_hold
        )
        next_free = None if free else next_free_after(later - DAY, service=service, doctors=chosen or doctors)
        return cls(
            service=service,
            doctors=doctors,
            doctor=only,
            weekdays=list(WEEKDAYS_ABBR.values()),
            weeks=weeks_from(monday, free),
            next_free=next_free,
            nothing_free=not free and next_free is None,
            links=Links.of(service, only),
            earlier=_earlier(monday, timezone.localdate()),
            later=later,
        )


def _earlier(monday: date, today: date) -> date | None:
    return max(monday - timedelta(weeks=WEEKS), today) if monday > today else None

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from booking_site.presenters.links import Links
from booking_site.queries import catalogue
from booking_site.queries.times import next_free_after
from scheduling.queries import replica_availability
from scheduling.queries.availability import FreeStart, TimeWishes
from scheduling.queries.read_models import FreeSlot, ShownDoctor, ShownService

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayPage:
    """The page shows the free times of one day, of all doctors or of one."""

    service: ShownService
    day: datetime.date
    doctors: list[tuple[ShownDoctor, list[FreeStart]]]
    next_free: FreeSlot | None
    """The first time after this day; it is looked for when the day has none."""
    links: Links
    earlier: datetime.date | None
    later: datetime.date

    @classmethod
    def of(cls, service: ShownService, *, doctor: str, day: datetime.date, own_hold: UUID | None) -> "DayPage":
        """Makes the page; a `doctor` who does not give this service has no times on it."""
        doctors = [one for one in catalogue.doctors_of(service) if doctor in ("", one.slug)]
        wishes = TimeWishes(date_from=day, date_until=day)
        times = replica_availability.free_starts(service=service, doctors=doctors, wishes=wishes, own_hold=own_hold)
        return cls(
            service=service,
            day=day,
            doctors=times,
            next_free=None if times else next_free_after(day, service=service, doctors=doctors),
            links=Links.of(service, doctor),
            earlier=day - DAY if day > timezone.localdate() else None,
            later=day + DAY,
        )

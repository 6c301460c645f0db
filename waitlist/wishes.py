from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from scheduling.models import Service, Specialty
from scheduling.queries.availability import TimeWishes
from waitlist.models.wishes import Wishes
from worklist.choices import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class WishData:
    """What a patient wants, typed once and carried from the search to the waitlist (R12). Empty means any."""

    specialty: Specialty
    service: Service | None = None
    doctor_ids: tuple[UUID, ...] = ()
    date_from: date
    date_until: date | None = None
    weekdays: tuple[int, ...] = ()
    time_from: time = time.min
    time_until: time = time.max
    notice_minutes: int = 60
    priority: Priority = Priority.NORMAL
    note: str = ""

    def columns(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__} | {
            "doctor_ids": list(self.doctor_ids),
            "weekdays": list(self.weekdays),
        }


def of(row: Wishes) -> WishData:
    """The wishes of a request or an entry."""
    return WishData(
        **{name: getattr(row, name) for name in WishData.__slots__}
        | {"doctor_ids": tuple(row.doctor_ids), "weekdays": tuple(row.weekdays)}
    )


def times(wishes: WishData | Wishes, *, age: int | None = None) -> TimeWishes:
    """The part of the wishes that availability understands."""
    return TimeWishes(
        doctor_ids=tuple(wishes.doctor_ids),
        date_from=wishes.date_from,
        date_until=wishes.date_until,
        weekdays=tuple(wishes.weekdays),
        time_from=wishes.time_from if wishes.time_from != time.min else None,
        time_until=wishes.time_until if wishes.time_until != time.max else None,
        age=age,
    )

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from scheduling.models import Service, Specialty
from scheduling.wishes import TimeWishes
from waitlist.models.wishes import Wishes
from worklist.choices import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class WishData(TimeWishes):
    """The wishes of a patient, typed once and carried from the search to the waitlist (R12). Empty means any."""

    specialty: Specialty
    service: Service | None = None
    doctor_ids: tuple[UUID, ...] = ()
    not_doctor_ids: tuple[UUID, ...] = ()
    date_from: date
    weekdays: tuple[int, ...] = ()
    notice_minutes: int = 60
    priority: Priority = Priority.NORMAL
    urgent_reason: str = ""
    note: str = ""

    @property
    def specialty_id(self) -> UUID:
        return self.specialty.pk

    @property
    def service_id(self) -> UUID | None:
        return self.service.pk if self.service else None

    def columns(self) -> dict[str, object]:
        """Returns the wishes as columns of a request or an entry; their other columns are no wishes."""
        return {name: getattr(self, name) for name in COLUMNS} | {name: list(getattr(self, name)) for name in SEVERAL}


SEVERAL = ("doctor_ids", "not_doctor_ids", "weekdays")
"""Wishes of which there may be more than one."""
NO_WISHES = ("not_before", "before", "patient", "birth_date")
"""What a search knows of the person beside their wishes."""
COLUMNS = [field.name for field in fields(WishData) if field.name not in NO_WISHES]

FITTING = frozenset(COLUMNS) - {"priority", "urgent_reason", "note"}
"""The wishes by which a time fits or does not."""


def of(row: Wishes) -> WishData:
    """Returns the wishes of a request or an entry."""
    return WishData(
        **{name: getattr(row, name) for name in COLUMNS} | {name: tuple(getattr(row, name)) for name in SEVERAL}
    )

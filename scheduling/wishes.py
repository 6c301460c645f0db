from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWishes:
    """The times that suit a person: doctors, days and hours on the wall of the place (R10). Empty means any."""

    doctor_ids: Sequence[UUID] = ()
    not_doctor_ids: Sequence[UUID] = ()
    """Doctors whom the person does not want, whoever else there is."""
    date_from: date | None = None
    date_until: date | None = None
    weekdays: Sequence[int] = ()
    """ISO weekday numbers: 1 is Monday."""
    time_from: time = time.min
    time_until: time = time.max
    """The visit is over by then; one that passes midnight suits only those who name no last hour."""
    notice_minutes: int = 0
    """How long before the start the person has to know of it."""
    not_before: datetime | None = None
    """The person is not to be called before this moment, so a start has to be later."""
    before: datetime | None = None
    """A start is of use before this moment alone: the person has a visit."""
    patient: UUID | None = None
    """A start at which this person has another visit is left out."""
    birth_date: date | None = None
    """Doctors who do not see the person's age on the day of the visit are left out."""


ANY_TIME = TimeWishes()


class HasWishes(Protocol):
    """Wishes as they are typed, or as a row keeps them."""

    @property
    def doctor_ids(self) -> Sequence[UUID]: ...
    @property
    def not_doctor_ids(self) -> Sequence[UUID]: ...
    @property
    def date_from(self) -> date | None: ...
    @property
    def date_until(self) -> date | None: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def time_from(self) -> time: ...
    @property
    def time_until(self) -> time: ...
    @property
    def notice_minutes(self) -> int: ...
    @property
    def not_before(self) -> datetime | None: ...
    @property
    def birth_date(self) -> date | None: ...

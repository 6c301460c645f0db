"""Data that the person who keeps the schedule types into forms."""

from dataclasses import dataclass
from datetime import date, datetime, time

from foundation.database import clock
from scheduling.choices import AbsenceKind
from scheduling.errors import AbsenceOver, AbsenceTooLong
from scheduling.models import Room
from scheduling.models.absence import LONGEST, Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursData:
    """Weekly working hours; `starts` and `ends` are wall time, `valid_until` is the last day."""

    starts: time
    ends: time
    room: Room
    slot_minutes: int
    valid_from: date
    valid_until: date | None = None

    def columns(self) -> dict[str, object]:
        """Returns the hours as columns of a rule."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceData:
    """A span of time to be closed."""

    whose: Whose
    kind: AbsenceKind
    starts_at: datetime
    ends_at: datetime
    note: str = ""

    def check(self) -> None:
        """Refuses a span that nobody means. Raises AbsenceOver when it has ended, AbsenceTooLong above three years."""
        if self.ends_at <= clock.now():
            raise AbsenceOver
        if self.ends_at - self.starts_at > LONGEST:
            raise AbsenceTooLong

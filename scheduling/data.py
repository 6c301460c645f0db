"""Data that the person who keeps the schedule types into forms."""

from dataclasses import dataclass
from datetime import date, time

from scheduling.models import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursData:
    """Weekly working hours; `starts` and `ends` are wall time, `valid_until` is the last day."""

    starts: time
    ends: time
    room: Room
    slot_minutes: int
    valid_from: date
    valid_until: date | None = None

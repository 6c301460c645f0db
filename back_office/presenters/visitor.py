from dataclasses import dataclass

from back_office.presenters.lines.visitors import kept
from foundation import wording
from foundation.database import clock
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from waitlist.models import WaitlistRequest
from worklist.models import Task


@dataclass(frozen=True, slots=True)
class VisitorPage:
    """The page is the script of a call to a visitor of the site whom no code reached (T111)."""

    task: Task
    row: WaitlistRequest
    time: str
    """The chosen time to be read out; empty when it is gone from the timetable."""
    kept: str
    is_kept: bool
    error: str

    @classmethod
    def of(cls, row: WaitlistRequest, task: Task, *, error: DomainError | None = None) -> "VisitorPage":
        now = clock.now()
        return cls(
            task=task,
            row=row,
            time=wording.spoken_time(row.slot.local_start) if row.slot else "",
            kept=kept(row, now),
            is_kept=bool(row.slot and row.held_until and row.held_until > now),
            error=sentence_of(error),
        )

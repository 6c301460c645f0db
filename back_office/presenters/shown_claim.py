from dataclasses import dataclass
from datetime import datetime

from foundation.accounts.actors import Actor
from worklist.queries import QueuedTask


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """The claim on a task as its line shows it: who calls now, or from when on somebody may."""

    mine: bool
    calling: bool
    """Somebody is making this call now: `by_name`."""
    by_name: str
    put_off_until: datetime | None

    @classmethod
    def of(cls, task: QueuedTask, by: Actor, now: datetime) -> "ShownClaim":
        return cls(
            mine=task.claimed_by == by.ref,
            calling=task.claimed_by is not None,
            by_name=task.claimed_by_name or "",
            put_off_until=task.not_before if task.not_before and task.not_before > now else None,
        )

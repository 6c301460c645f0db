"""The page of the audit says in one line whether it is whole; the chain of the seals is not walked for that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.audit.models import AuditEvent, AuditSeal
from foundation.audit.verifying import VERIFIED
from foundation.database import clock

LATE = timedelta(minutes=5)
"""A row that waits longer for its seal says that nobody seals."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """The newest seal and what the last walk along the chain has found, as they are recorded."""

    seal: int | None
    sealed_at: datetime | None
    waits_since: datetime | None
    """The moment of the oldest row that should have been sealed by now; None while sealing keeps up."""
    verified_at: datetime | None
    """None before the first walk."""
    rows: int
    faults: list[str]

    @classmethod
    def now(cls) -> "ChainState":
        newest = AuditSeal.objects.order_by("-number").values_list("number", "at", "through").first()
        number, sealed_at, through = newest or (None, None, -1)
        walked = AuditEvent.objects.filter(action=VERIFIED).order_by("-id").first()
        told = walked.details if walked else {}
        return cls(
            number,
            sealed_at,
            _waits_since(through),
            walked.at if walked else None,
            int(told.get("rows", 0)),
            list(told.get("faults", [])),
        )


def _waits_since(through: int) -> datetime | None:
    oldest = AuditEvent.objects.filter(id__gt=through).order_by("id").values_list("at", flat=True).first()
    return oldest if oldest and oldest < clock.now() - LATE else None

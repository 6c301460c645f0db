from dataclasses import dataclass
from uuid import UUID

from back_office.renewing import fingerprint
from scheduling.models import EmergencyCase
from scheduling.queries import emergencies


@dataclass(frozen=True, slots=True)
class AlarmPart:
    """The red bar over every page of the office: the emergencies that nobody has taken yet (R14)."""

    cases: list[EmergencyCase]
    seen: str
    """A fingerprint: the same for the same bar."""
    rides: bool
    """The page renews itself already, and that request says when the bar is to be asked for."""
    opened: UUID | None
    """The case that this person has just opened: the numbers to dial stand beside it."""

    @classmethod
    def of(cls, *, rides: bool = False, opened: UUID | None = None) -> "AlarmPart":
        cases = list(emergencies.untaken())
        seen = fingerprint([(case.pk, case.person, case.description) for case in cases])
        return cls(cases, seen, rides, opened)

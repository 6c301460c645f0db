from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.queries.read_models import AnyService, FreeSlot


@dataclass(frozen=True, slots=True)
class Refusal:
    """The page says why something cannot be done, and what to do next."""

    error: str
    typed: bool = False
    """Something is typed that can be put right or used for another time."""
    service: AnyService | None = None
    """What was to be booked, where that is known."""
    times: Sequence[FreeSlot] = ()
    """The nearest other times for it."""

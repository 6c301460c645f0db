"""The agenda of a simulation: events to come, in order of their time."""

import heapq
from collections.abc import Callable
from itertools import count

from back_office.simulation.clock import SimulatedClock

Event = Callable[..., None]


class Agenda:
    """Events to come; those of one minute happen in the order in which they were put down."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._events: list[tuple[float, int, Event, tuple[object, ...]]] = []
        self._order = count()

    @property
    def now(self) -> float:
        return self._clock.minute

    def at(self, minute: float, event: Event, *about: object) -> None:
        heapq.heappush(self._events, (max(minute, self.now), next(self._order), event, about))

    def play(self, *, until: float) -> None:
        """Lets everything happen up to this minute."""
        while self._events and self._events[0][0] <= until:
            self._clock.minute, _order, event, about = heapq.heappop(self._events)
            event(*about)
        self._clock.minute = until

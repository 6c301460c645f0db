"""The measures of a simulation: holds, calls, outcomes, and the end of each freed time."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from back_office.simulation.clock import DAY, WEEK, is_open, minute_of, moment
from back_office.simulation.world import Cancellation, World
from scheduling.choices import OF_WAITLIST, HoldReason
from scheduling.models import Slot

PEACE = 30 - 0.001
"""Minutes for which nobody is phoned again."""


@dataclass(slots=True, eq=False)
class Freed:
    """One freed time and its end."""

    cancellation: Cancellation
    slot: UUID
    asked_at: float | None = None
    """When people were asked about it by message."""
    phoned_at: float | None = None
    taken_at: float | None = None
    by_list: bool = False
    hidden: float = 0.0
    """Minutes for which the waitlist has kept it from the public."""

    @property
    def hidden_share(self) -> float:
        return self.hidden / (self.cancellation.starts - self.cancellation.at)


@dataclass(slots=True)
class _Hold:
    until: float
    doctor: UUID
    starts: float
    refusal: bool


class Holds:
    """The holds of the waitlist, seen after each step; one that lapses by itself ends at its time."""

    def __init__(self, world: World, slots_of_week: int) -> None:
        self.world, self._slots = world, slots_of_week
        self._now: dict[UUID, _Hold] = {}
        self._seen_at = 0.0
        self.hidden: dict[UUID, float] = defaultdict(float)
        self.most, self.most_of_day, self.at_night, self.refusals_at_night = 0, 0, 0, 0
        self._area = self._open = self._minutes = 0.0

    @property
    def mean(self) -> float:
        """The mean number of slots of the coming week that are held in calling hours."""
        return self._area / max(self._open, 1)

    @property
    def share_at_most(self) -> float:
        return self.most / self._slots

    @property
    def mean_share(self) -> float:
        return self.mean / self._slots

    @property
    def hours_a_week(self) -> float:
        return self._minutes / 60 / (self.world.days / 7)

    def is_hidden(self, slot: UUID, at: float) -> bool:
        return slot in self._now and self._now[slot].until > at

    def see(self, at: float) -> None:
        """Reads what is held at this moment."""
        self._pass(at)
        rows = Slot.objects.filter(hold_token__isnull=False, hold_reason__in=OF_WAITLIST, held_until__gt=moment(at))
        seen = rows.values_list("pk", "doctor", "starts_at", "held_until", "hold_reason")
        self._now = {
            slot: _Hold(minute_of(until), doctor, minute_of(starts), reason == HoldReason.REFUSAL)
            for slot, doctor, starts, until, reason in seen
            if until
        }
        if self._measured(at):
            self._count(at)

    def _pass(self, at: float) -> None:
        for slot, hold in self._now.items():
            lasted = max(0.0, min(at, hold.until) - self._seen_at)
            self.hidden[slot] += lasted
            self._minutes += lasted * self._measured(self._seen_at)
            self._area += lasted * (self._measured(self._seen_at) and is_open(self._seen_at) and self._is_near(hold))
        if self._measured(self._seen_at) and is_open(self._seen_at):
            self._open += at - self._seen_at if is_open(at) else 0
        self._seen_at = at

    def _count(self, at: float) -> None:
        self.most = max(self.most, sum(self._is_near(hold) for hold in self._now.values()))
        days = Counter((hold.doctor, hold.starts // DAY) for hold in self._now.values())
        self.most_of_day = max([self.most_of_day, *days.values()])
        if not is_open(at):
            self.at_night = max(self.at_night, len(self._now))
            self.refusals_at_night = max(self.refusals_at_night, sum(hold.refusal for hold in self._now.values()))

    def _is_near(self, hold: _Hold) -> bool:
        return hold.starts < self._seen_at + WEEK

    def _measured(self, at: float) -> bool:
        return self.world.begins <= at < self.world.ends


@dataclass(slots=True)
class Calls:
    """Numbers that are dialled, and what that takes."""

    world: World
    dials: int = 0
    minutes: float = 0.0
    ended: int = 0
    """All calls that are over, also before the days that are measured: each has to have its outcome."""
    recorded: int = 0
    soon_again: int = 0
    outside_hours: int = 0
    by_two: int = 0
    call_backs: list[float] = field(default_factory=list)
    """Minutes from its time to each promised call."""
    about_refused: int = 0
    """Calls about a time that the same person has said no to."""
    taken_meanwhile: int = 0
    """A yes to a time that somebody else had by then."""
    _last: dict[str, float] = field(default_factory=dict)
    _of_day: Counter[tuple[str, int]] = field(default_factory=Counter)
    _on_line: set[str] = field(default_factory=set)

    def dial(self, phone: str, at: float, *, promised: bool, allowed: bool) -> None:
        """Counts a dial; `promised` when they asked for it, `allowed` when the last one met a busy line.

        A call that somebody has asked for is none of those that the clinic makes of its own accord in a day.
        """
        self.soon_again += not (promised or allowed) and at - self._last.get(phone, -2 * PEACE) < PEACE
        self.outside_hours += not is_open(at)
        self.by_two += phone in self._on_line
        self._on_line.add(phone)
        self._of_day[phone, int(at // DAY)] += not promised
        self.dials += self.measured(at)

    def hang_up(self, phone: str, at: float) -> None:
        self.ended += 1
        self._on_line.discard(phone)
        self._last[phone] = at

    def spent(self, minutes: float, at: float) -> None:
        self.minutes += minutes * self.measured(at)

    def measured(self, at: float) -> bool:
        return self.world.begins <= at < self.world.ends

    @property
    def most_of_day(self) -> int:
        return max(self._of_day.values(), default=0)

    @property
    def late_call_backs(self) -> int:
        return sum(abs(late) > 5 for late in self.call_backs)


@dataclass(slots=True)
class Month:
    """The month that was published at once, and the people who were told of it (T104)."""

    people: int = 0
    published_at: float = 0.0
    matched_in: float = 0.0
    """CPU seconds of the matching that the publication has caused."""
    dials: int = 0
    booked: int = 0
    attempts: int = 0
    """The most attempts that one person took: dials in a row without an answer."""
    most_dials: int = 0
    """The most dials to one person, with busy lines and calls that they asked for."""
    proposals: int = 0
    """The most answers that one person was asked for."""
    settled: list[float] = field(default_factory=list)
    """Calling minutes after which each person was told, in order."""


@dataclass(slots=True)
class Measures:
    """All that one simulation has measured."""

    world: World
    holds: Holds
    calls: Calls
    fitting: float
    """The mean share of times that fits a person."""
    freed: list[Freed] = field(default_factory=list)
    messages: int = 0
    """Messages to people, before the days that are measured too."""
    turned_away: int = 0
    """Visitors who found a time kept for the waitlist."""
    matching: float = 0.0
    """CPU seconds of matching."""
    took: timedelta = timedelta()
    month: Month = field(default_factory=Month)

    def cut(self, at: float) -> None:
        """Counts work and holds up to this minute, and judges the times that were freed some days before it."""
        played = int(at // DAY) - self.world.warm_up
        self.holds.world = self.calls.world = replace(self.world, days=max(1, played))
        self.world = replace(self.world, days=max(1, played - int(self.world.settled)))

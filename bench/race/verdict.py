"""Judges a race from what everybody was told and from what the database holds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WON, TAKEN = 302, 409
ALTERNATIVES = 3
HANG_MS = 5000


@dataclass(frozen=True)
class Told:
    """One answer; its status is 0 when there was none. `others`: how many other free times its page names.

    `beside`: who wanted another slot of the same doctor and was in nobody's way.
    """

    path: str
    status: int
    ms: float
    others: int = 0
    beside: bool = False


@dataclass(frozen=True)
class Round:
    """The outcome of one race.

    `taken`: how many visits, or holds, stand in the slot. `lost_beside`: those beside who went away empty.
    """

    kind: str
    told: Sequence[Told]
    taken: int
    lost_beside: int = 0

    @property
    def ok(self) -> bool:
        """True when there is one winner, by the database and by the answers."""
        return self.taken == 1 and sum(one.status == WON for one in self.told if not one.beside) == 1


@dataclass(frozen=True)
class Heard:
    statuses: Counter[int]
    p95: float
    slowest: float

    @property
    def faults(self) -> int:
        return sum(number for status, number in self.statuses.items() if status >= 500 or not status)

    @property
    def others(self) -> int:
        """The number of answers that neither won nor lost nor broke: a race has none."""
        return self.statuses.total() - self.faults - self.statuses[WON] - self.statuses[TAKEN]

    def __str__(self) -> str:
        return (
            f"302: {self.statuses[WON]}, 409: {self.statuses[TAKEN]}, иных {self.others}, ≥ 500: {self.faults}, "
            f"p95 {self.p95 / 1000:.2f} с, до {self.slowest / 1000:.2f} с"
        )


@dataclass(frozen=True)
class Tally:
    """The sum of several races. `bare`: refusals whose page names fewer than three other times."""

    rounds: int
    decided: int
    heard: Heard
    bare: int
    false_refusals: int

    @property
    def ok(self) -> bool:
        clean = not (self.heard.faults or self.heard.others or self.bare or self.false_refusals)
        return self.decided == self.rounds and clean and self.heard.slowest <= HANG_MS

    def __str__(self) -> str:
        bare = f" (без трёх времён {self.bare})" if self.bare else ""
        return f"победителей {self.decided}/{self.rounds}, {self.heard}, ложных отказов {self.false_refusals}{bare}"

    @property
    def numbers(self) -> dict[str, object]:
        return {
            "rounds": self.rounds,
            "decided": self.decided,
            "statuses": {str(status): number for status, number in sorted(self.heard.statuses.items())},
            "bare_refusals": self.bare,
            "false_refusals": self.false_refusals,
            "slowest_ms": round(self.heard.slowest, 1),
            "p95_ms": round(self.heard.p95, 1),
        }


def tally(rounds: Iterable[Round]) -> Tally:
    known = list(rounds)
    told = [one for each in known for one in each.told if not one.beside]
    return Tally(
        rounds=len(known),
        decided=sum(each.ok for each in known),
        heard=heard(told),
        bare=sum(one.status == TAKEN and one.others < ALTERNATIVES for one in told),
        false_refusals=sum(each.lost_beside for each in known),
    )


def heard(told: Sequence[Told]) -> Heard:
    times = sorted(one.ms for one in told) or [0.0]
    return Heard(Counter(one.status for one in told), times[min(len(times) - 1, len(times) * 95 // 100)], times[-1])

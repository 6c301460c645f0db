"""The world that a simulation plays: how many times are freed, who waits, who answers and who says yes.

The figures are those of the model by which the policy was chosen (quality.md, T100–T105).
"""

from dataclasses import dataclass
from random import Random

from back_office.simulation.clock import DAY, HOUR, hours, is_weekend

VISITS = 16
"""Visits of a doctor a day."""
SHORT, MIDDLE, LONG = range(3)
"""Classes of notice: less than a day, up to two, more."""
NOTICE = ((0.30, 2, 24), (0.50, 24, 48), (1.01, 48, 336))
"""Up to which share of the cancellations a class reaches, and its notice in hours from and to."""
SHARE = {SHORT: "< 24 ч", MIDDLE: "24–48 ч", LONG: "> 48 ч"}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One world; the same seed plays the same weeks."""

    seed: int = 1
    days: int = 28
    """Days that are measured."""
    warm_up: int = 7
    """Days before them."""
    settled: float = 2
    """Days after them, in which nothing new is freed."""
    doctors: int = 20
    specialties: int = 10
    waiting: int = 30
    """People on the list of each specialty; whoever leaves is replaced."""
    cancelled: float = 0.157
    night: float = 0.2
    """The share of the visits to be cancelled at night that are cancelled then."""
    life_days: float = 14
    family: float = 0.10
    """The share of people who have the number of somebody else on the list."""
    operators: int = 3
    load: float = 0.5
    """The share of the operators' time that incoming calls take."""
    public: float = 0.01
    """Visitors who want one free time, an hour."""
    answered: float = 0.55
    never: float = 0.25
    """The share of those who do not answer however often they are phoned about one time."""
    accepted: tuple[float, float, float] = (0.20, 0.30, 0.35)
    later_times: float = 0.5
    """The share of that willingness with which the second and third time of a call is taken."""
    minutes: tuple[float, float, float] = (1.2, 2.5, 4.2)
    """A call without an answer, with a no, with a yes."""
    read: float = 0.4
    """Minutes in which one more time is read out."""
    busy: float = 0.03
    """The share of unanswered calls with a busy line."""
    call_back: float = 0.02
    """The share of answered calls that end with a promise to call back."""
    even: bool = False
    """Each time fits each person by a throw of its own, as in the model, instead of by their wishes."""
    message_first: bool = False
    """Whoever a freed time fits is asked by message before anybody is phoned."""
    replies: float = 0.325
    """The share of those whom it suits who answer the message, as in the model."""
    reply_after: float = 15
    """Minutes until they do, on average, after the first one."""
    ready: tuple[float, float] = (0.85, 0.8)
    """The shares of those who have said yes who answer the call, and who then take the time."""
    month: bool = False
    """A month is published at once for five hundred people who wait besides."""

    @property
    def begins(self) -> float:
        return self.warm_up * DAY

    @property
    def ends(self) -> float:
        return (self.warm_up + self.days) * DAY

    @property
    def is_over_at(self) -> float:
        return self.ends + self.settled * DAY


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cancellation:
    """A visit that is given back: when, of which doctor, and when it would have begun."""

    at: float
    doctor: int
    starts: float
    notice: int


def slot_minutes(minute: float) -> int:
    return 30 if is_weekend(minute) else 40


def cancellations(world: World, chance: Random) -> list[Cancellation]:
    """Draws the visits that are given back within the simulation, in order of time."""
    drawn = []
    for day in range(world.warm_up + world.days + 14):
        opens, _closes = hours(day * DAY)
        for doctor in range(world.doctors):
            for visit in range(VISITS):
                if chance.random() < world.cancelled:
                    drawn.append(_cancellation(world, chance, doctor, opens + visit * slot_minutes(day * DAY)))
    return sorted(each for each in drawn if 0 <= each.at < world.ends)


def _cancellation(world: World, chance: Random, doctor: int, starts: float) -> Cancellation:
    """Draws the notice of a visit; a short one at night is drawn again, so that the mix is kept."""
    while True:
        share = chance.random()
        notice = next(number for number, (up_to, _from, _to) in enumerate(NOTICE) if share < up_to)
        at = starts - chance.uniform(*NOTICE[notice][1:]) * HOUR
        if chance.random() < (1 if 8 <= at % DAY / HOUR < 21 else world.night):
            return Cancellation(at=at, doctor=doctor, starts=starts, notice=notice)

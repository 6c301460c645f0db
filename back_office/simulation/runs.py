"""Runs worlds one after another, each on a fresh copy of the throwaway database."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from back_office.simulation.clock import SimulatedClock, living_in
from back_office.simulation.database import copied, settings_of_a_simulation
from back_office.simulation.measures import Measures
from back_office.simulation.play import Play
from back_office.simulation.world import World

NO_CAP = 100_000


@dataclass(frozen=True, slots=True)
class Run:
    """A world, and the settings of the product that are changed for it."""

    name: str
    world: World
    changed: Mapping[str, object] = field(default_factory=dict)


WITHOUT: Mapping[str, Mapping[str, object]] = {
    "без права первого отказа": {"FIRST_REFUSAL_MINUTES": 0},
    "право первого отказа 60 мин": {"FIRST_REFUSAL_MINUTES": 60},
    "без предела на день врача": {"WAITLIST_HELD_PER_DAY": NO_CAP},
    "без предела на неделю": {"WAITLIST_HELD_PERCENT": 100},
    "без всех пределов": {"WAITLIST_HELD_PER_DAY": NO_CAP, "WAITLIST_HELD_PERCENT": 100},
    "без предела звонков в день": {"CALLS_PER_DAY": NO_CAP},
    "одно время в звонке": {"TIMES_PER_CALL": 1},
    "предложений на оператора: 20": {"PROPOSALS_PER_OPERATOR": 20},
}
"""Each cap of T100 and T101 and each setting of the policy, taken away."""


Told = Callable[[float, float], None]
"""Is told after each day which minute it is in the simulation and how many seconds it took."""


def play(world: World, *, within: timedelta | None = None, told: Told | None = None, **changed: object) -> Measures:
    """Plays one world on the database of this process, which is empty, for so much real time at most."""
    clock = SimulatedClock()
    with settings_of_a_simulation(**{"MESSAGE_FIRST": world.message_first} | changed), living_in(clock):
        whole = Play(world, clock)
        whole.told = told or whole.told
        return whole.run(within=within)


def play_all(runs: Iterable[Run], *, within: timedelta | None, told: Told) -> Iterator[tuple[Run, Measures]]:
    for run in runs:
        with copied():
            yield run, play(run.world, within=within, told=told, **run.changed)


def without_caps(world: World) -> list[Run]:
    return [Run(name, world, changed) for name, changed in WITHOUT.items()]


def by_operators(world: World, numbers: Iterable[int]) -> list[Run]:
    return [Run(f"операторов: {number}", replace(world, operators=number)) for number in numbers]

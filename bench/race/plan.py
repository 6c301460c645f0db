"""The races that are run: with few and with many processes and people, everybody together and each path alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, cycle

WORKERS = (2, 8)
MIXED = "все вместе"
MIXED_OFFERED = "все вместе, время только что держали для звонка"
TURNS = (MIXED, None, MIXED_OFFERED, None, MIXED)
"""None: a path alone, the next one."""


@dataclass(frozen=True)
class Race:
    workers: int
    clients: int
    kind: str


def races(number: int, *, alone: Sequence[str], clients: Sequence[int]) -> list[Race]:
    """Returns the races, two of five of one path alone, by `workers`, so that each server is started once."""
    settings = [(workers, many) for workers in WORKERS for many in clients]
    chosen, paths, turn = [], cycle(alone), count()
    for at, (workers, many) in enumerate(settings):
        for _ in range(number // len(settings) + (at < number % len(settings))):
            kind = TURNS[next(turn) % len(TURNS)] or next(paths)
            chosen.append(Race(workers, many, kind))
    return chosen

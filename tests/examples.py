"""Says on how many examples a property is tried: few and always the same, many others with `--long`.

Imported by tests of properties alone, before their `@given`: Hypothesis takes a second to load.
"""

import os
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

settings.register_profile(
    "few",
    max_examples=50,
    derandomize=True,  # a red test is a fault of the change, not the luck of the day
    deadline=None,  # two busy cores
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("many", settings.get_profile("few"), max_examples=2000, derandomize=False, print_blob=True)
settings.load_profile("many" if os.environ.get("LONG_TESTS") else "few")


def few(examples: int) -> settings:
    """Sets so many examples for a property that asks the database, forty times as many with `--long`."""
    return settings(max_examples=examples * (40 if os.environ.get("LONG_TESTS") else 1))


def programs() -> settings:
    """Sets how many orders of how many deeds a state machine tries."""
    many = bool(os.environ.get("LONG_TESTS"))
    return settings(max_examples=1000 if many else 200, stateful_step_count=50 if many else 9)


def is_noticed(strategy: SearchStrategy[T], differs: Callable[[T], bool]) -> bool:
    """Tells whether the examples of a property are enough to notice a fault: the negative control.

    Raises NoSuchExample.
    """
    find(strategy, differs, settings=settings(settings.get_profile("few"), max_examples=500, phases=[Phase.generate]))
    return True

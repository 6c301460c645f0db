"""The state machine: it does deeds in any order, inside of what is taken back, and asks the invariants after each."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from types import FunctionType

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from foundation.errors import DomainError
from tests.any_order import timetable, visits, waiting
from tests.any_order.history import each_change_is_an_event_and_an_audit_row, the_waitlist_is_in_the_audit
from tests.any_order.invariants import INVARIANTS
from tests.any_order.rows import Rows
from tests.any_order.world import MORNING, World

Deed = Callable[[World, int, int], None]
NUMBERS = st.integers(0, 11)
A_DEED_TAKES = timedelta(seconds=1)
PAUSES = st.sampled_from([1, 11, 40, 61, 125, 24 * 60])


def deeds_of(*modules: object) -> dict[str, Deed]:
    return {
        name: deed
        for module in modules
        for name, deed in vars(module).items()
        if isinstance(deed, FunctionType) and deed.__module__ == module.__name__ and is_deed(deed)
    }


def is_deed(function: FunctionType) -> bool:
    return function.__annotations__ == {"world": World, "first": int, "second": int, "return": None}


DEEDS = deeds_of(visits, timetable, waiting)


class Broken(AssertionError):
    """An invariant does not hold: its name, and what contradicts it."""

    def __init__(self, name: str, wrong: list[object]) -> None:
        super().__init__(name, wrong)
        self.name = name


class Clinic(RuleBasedStateMachine):
    """One clinic, its people and its clock; all that happens is taken back at the end of an example."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.example = transaction.atomic()
        self.example.__enter__()
        self.clock = time_machine.travel(MORNING, tick=False)  # how busy this machine is decides nothing
        self.hands = self.clock.start()
        self.before = Rows.read()
        self.refused = False

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(minutes=PAUSES)
    def time_passes(self, minutes: int) -> None:
        self.hands.shift(timedelta(minutes=minutes))
        self.refused = False

    @invariant()
    def all_is_as_it_has_to_be(self) -> None:
        if self.refused:  # and taken back: `tests/booking/test_nothing_half_written.py`
            return
        rows = Rows.read()
        for asked in INVARIANTS:
            found(asked.__name__, list(asked(self.world, rows)))
        for asked in (each_change_is_an_event_and_an_audit_row(self.before, rows), the_waitlist_is_in_the_audit(rows)):
            found("history", list(asked))
        self.before = rows


def found(name: str, wrong: list[object]) -> None:
    if wrong:
        raise Broken(name, wrong)


def step(deed: Deed) -> Callable[..., None]:
    """Makes a deed a rule of the machine. What is refused is not done."""

    def done(self: Clinic, first: int, second: int) -> None:
        self.refused = True
        self.hands.shift(A_DEED_TAKES)
        with suppress(DomainError), transaction.atomic():
            deed(self.world, first, second)
            self.refused = False

    done.__name__ = deed.__name__
    return rule(first=NUMBERS, second=NUMBERS)(done)


def clinic_of(deeds: Iterable[str]) -> type[Clinic]:
    """Returns the machine with a rule for each of these deeds."""
    return type("AnyOrder", (Clinic,), {name: step(DEEDS[name]) for name in deeds})

"""A question of the head is answered by tables, each with a plot of the same numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format

from foundation.clock import day_bounds
from waitlist.queries.figures import Period

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words: TypeAlias = str | _StrPromise

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers."""

    name: str
    decimals: int = 0
    plotted: bool = False

    def words(self, value: Value) -> str:
        return "—" if value is None else number_format(value, self.decimals, force_grouping=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: what it is about, and a number for each column."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of one question; the numbers of its plotted columns stand in the plot above it."""

    title: str
    by: str
    """The heading of what the lines are about."""
    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line | None = None
    in_time: bool = False
    """The lines are days or hours in their order."""


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days of the clinic's calendar, the last one included."""

    first: date
    last: date

    @property
    def period(self) -> Period:
        return Period(*day_bounds(self.first, self.last))

    def all(self) -> list[date]:
        return [date.fromordinal(day) for day in range(self.first.toordinal(), self.last.toordinal() + 1)]


@dataclass(frozen=True, slots=True)
class Question:
    """The part of the address by which the head asks it."""

    name: str
    title: "Words"
    note: "Words"
    """The sentence that says how it is counted."""
    answer: Callable[[Days], Sequence[FigureTable]]


def day_words(day: date) -> str:
    """Returns «пн 23.11»."""
    return f"{format_date(day, 'D').lower()} {day:%d.%m}"

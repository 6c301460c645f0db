"""The calendar of five weeks is put into words here, day by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext

WEEKS = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell shows one day; it names the `month` if it is the first cell or the first of a month."""

    date: str
    day: str
    month: str
    free: str
    label: str
    """It is read out to those who do not see what stands above and below."""


def weeks_from(monday: date, free: Mapping[date, int]) -> list[list[Cell]]:
    """Returns five rows of seven days; `free` counts the times of the days that have any."""
    words = gettext("%(day)s, free times: %(count)s")
    days = [monday + DAY * number for number in range(7 * WEEKS)]
    cells = [_cell(day, free.get(day, 0), words, with_month=day == monday or day.day == 1) for day in days]
    return [cells[week : week + 7] for week in range(0, len(cells), 7)]


def _cell(day: date, count: int, words: str, *, with_month: bool) -> Cell:
    return Cell(
        date=day.isoformat(),
        day=str(day.day),
        month=format_date(day, "M").lower() if with_month else "",
        free=str(count or ""),
        label=words % {"day": format_date(day, "j E"), "count": count} if count else "",
    )

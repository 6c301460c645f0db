"""Dates as people type them: one way to read them for all callers."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.text.folding import fold
from foundation.text.signs import plain

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Sense(Enum):
    """The day that is meant where the year, or its century, is left out."""

    BIRTH = "the latest day that is not ahead; the year is never left out"
    PAST = "the nearest day that is not ahead"
    AHEAD = "today or the nearest day ahead"
    NEAREST = "the nearest day, before today or after it"


MESSAGES: "dict[str, str | _StrPromise]" = {
    "invalid": _("Write the date as 17.05.1990."),
    "no_day": _("There is no such day. Check the date."),
    "no_year": _("Write the year as well: 17.05.1990."),
    "year": _("Check the year."),
}
YEARS = range(1800, 2200)
"""In these years eight digits make a date, day first or year first."""
_MONTHS = (
    ("январь", "января", "january"),
    ("февраль", "февраля", "february"),
    ("март", "марта", "march"),
    ("апрель", "апреля", "april"),
    ("май", "мая", "may"),
    ("июнь", "июня", "june"),
    ("июль", "июля", "july"),
    ("август", "августа", "august"),
    ("сентябрь", "сентября", "september"),
    ("октябрь", "октября", "october"),
    ("ноябрь", "ноября", "november"),
    ("декабрь", "декабря", "december"),
)
_LONGEST = 40
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_BETWEEN = r"(?: ?[.,/\\_‐‑‒–—―−-]{1,2} ?| )"
_END = re.compile(r"(?<=\d) ?(?:года?|г(?:\. ?р)?)?[.,]?$")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})")
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}})(?:{_BETWEEN}'?(\d{{4}}|\d{{2}}))?")
_WITH_A_WORD = re.compile(rf"(\d{{1,2}})(?:-?(?:го|е))?{_BETWEEN}?([^\W\d_]+){_BETWEEN}{{0,2}}'?(\d{{4}}|\d{{2}})?")
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})?")
_LOOKALIKES = str.maketrans("oоlі|i", "001111")


def parse(text: str, *, today: date, sense: Sense) -> date:
    """Returns «7 марта 1985», «07-03-85», «070385» or «1985-03-07» as a date; the day stands before the month.

    Raises ValidationError that says what to put right.
    """
    text = _END.sub("", fold(plain(text)).strip(" .,"))
    parts = _parts(text) if len(text) <= _LONGEST else None
    if parts is None:
        raise _error("invalid")
    day, month, year = parts
    days = list(_existing(day, month, _years(year, today=today)))
    if not days:
        raise _error("no_day")
    if not year and sense is Sense.BIRTH:
        raise _error("no_year")
    return min(_sensible(days, year, today=today, sense=sense), key=lambda day: abs(day - today))


def _parts(text: str) -> tuple[int, int, str] | None:
    """Returns the day, the month and the digits of the year, which may be two or none."""
    if (found := _WITH_A_WORD.fullmatch(text)) and (month := _month(found[2])):
        return int(found[1]), month, found[3] or ""
    text = text.translate(_LOOKALIKES)
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[3]), int(found[2]), found[1]
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), found[3] or ""
    found = _TOGETHER.fullmatch(text)
    if not found:
        return None
    day, month, year = int(found[1]), int(found[2]), found[3] or ""
    if not year and month > 12:
        return None
    if len(year) == 4 and (month > 12 or int(year) not in YEARS) and int(text[:4]) in YEARS:
        return int(text[6:]), int(text[4:6]), text[:4]
    return day, month, year


def _month(word: str) -> int | None:
    """Reads a month by its name, its first three letters at least, or by its Roman number."""
    roman = word.translate(str.maketrans("хі", "xi"))
    if roman in _ROMAN:
        return _ROMAN.index(roman) + 1
    begins = (place for place, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names))
    return next(begins, None) if len(word) >= 3 else None


def _years(digits: str, *, today: date) -> Iterable[int]:
    """Returns the years that the digits of one may mean."""
    if len(digits) == 4:
        return [int(digits)]
    if digits:
        return [century + int(digits) for century in (1900, 2000, 2100)]
    return range(today.year - 8, today.year + 9)  # there is a 29 February in any eight years


def _existing(day: int, month: int, years: Iterable[int]) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _sensible(days: list[date], year: str, *, today: date, sense: Sense) -> list[date]:
    """Returns the days that may be meant, all of them where none is: their field has a sentence for that."""
    past = [day for day in days if day <= today]
    if sense is Sense.BIRTH:
        return past or days
    if year or sense is Sense.NEAREST:
        return days
    return past if sense is Sense.PAST else [day for day in days if day >= today]


def _error(code: str) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code)

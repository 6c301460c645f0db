"""Wishes as one line, as they are said: «белова вечер со вторника» (U33).

The line is read word by word, the longest phrase first; a word that nothing answers to is given back, not guessed.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError

from foundation.text import dates
from foundation.text.dates import Sense
from foundation.text.folding import fold
from foundation.text.layouts import in_other_layout
from foundation.text.signs import plain

LONGEST = 200
"""Signs of a line that are read."""
NOON, DAY_ENDS = time(12), time(17)
LUNCH = time(13)
SHORTEST = 3
"""Letters by which a name is known; a shorter one is written whole."""

_WEEKDAYS = (
    ("пн", "пон", "понедельник"),
    ("вт", "вторник"),
    ("ср", "сред", "среда"),
    ("чт", "чет", "четверг"),
    ("пт", "пят", "пятница"),
    ("сб", "суб", "суббота"),
    ("вс", "воскр", "воскресенье"),
)
_PARTS = {
    "утро": (None, NOON),
    "утром": (None, NOON),
    "утра": (None, NOON),
    "день": (NOON, DAY_ENDS),
    "днем": (NOON, DAY_ENDS),
    "вечер": (DAY_ENDS, None),
    "вечером": (DAY_ENDS, None),
    "вечера": (DAY_ENDS, None),
}
_DAYS = {"сегодня": 0, "завтра": 1, "послезавтра": 2}
_NUMBERS = {"пару": 2, "две": 2, "два": 2, "три": 3, "четыре": 4}
_UNITS = {"недел": 7, "месяц": 30, "день": 1, "дня": 1, "дней": 1}
_SAID_OF_ANYTHING = (
    "а бы в во врач врача врачу время голос доктор доктора доктору же и или к как когда лучше любая любое любой можно",
    "на надо нужен нужна нужно около осмотр по под прием примерно с самое скорее со срочно только угодно у хочет",
    "хочу час часа часов часу",
)
_FILLERS = frozenset(word for words in _SAID_OF_ANYTHING for word in words.split())
_BUT = frozenset(("кроме", "не"))
"""Words after which whoever is called is not wanted."""
_SPLIT = re.compile(r"[,;!?«»\"()]+|(?<![\d])\.|\.(?!\d)|\s+")
_HOUR = re.compile(r"(\d{1,2})(?:[:.-]?(\d{2}))?")
_FROM, _UNTIL = ("с", "со", "от", "после"), ("до", "по")


@dataclass(frozen=True, slots=True)
class Named:
    """A doctor, or a specialty, with the words by which they are called; a doctor has the specialties they work in."""

    pk: UUID
    words: tuple[str, ...]
    specialties: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """The wishes that a line tells; what it does not tell is empty."""

    specialties: tuple[UUID, ...] = ()
    """More than one where a word fits several equally well."""
    doctors: tuple[UUID, ...] = ()
    date_from: date | None = None
    date_until: date | None = None
    weekdays: tuple[int, ...] = ()
    time_from: time | None = None
    time_until: time | None = None
    not_doctors: tuple[UUID, ...] = ()
    rest: tuple[str, ...] = ()
    """Words that nothing answers to."""


class _Read(NamedTuple):
    words: int
    said: Said


Rule = Callable[[list[str], date, Said], _Read | None]


def read(line: str, *, today: date, doctors: Collection[Named], specialties: Collection[Named]) -> Said:
    """Returns what the line tells; on the wrong keyboard layout as well."""
    text = plain(line)[:LONGEST]
    said = _read(text, today, doctors, specialties)
    if not said.rest:
        return said
    others = [_read(other, today, doctors, specialties) for other in in_other_layout(text)]
    return min([said, *others], key=lambda each: len(each.rest))


def _read(text: str, today: date, doctors: Collection[Named], specialties: Collection[Named]) -> Said:
    words = [word for word in _SPLIT.split(fold(text)) if word]
    said, place = Said(), 0
    names: list[str] = []
    unwanted: list[str] = []
    into = names
    while place < len(words):
        found = next(filter(None, (rule(words[place:], today, said) for rule in RULES)), None)
        if found:
            said, place, into = found.said, place + found.words, names
            continue
        if words[place] in _BUT:
            into = unwanted
        elif words[place] not in _FILLERS:
            into.append(words[place])
        place += 1
    barred = [each for each in doctors if any(_is_called(own, word) for own in each.words for word in unwanted)]
    strange = [word for word in unwanted if not any(_is_called(own, word) for each in doctors for own in each.words)]
    return _named(said, names + strange, doctors, specialties, but=barred)


def _named(
    said: Said,
    names: Sequence[str],
    doctors: Collection[Named],
    specialties: Collection[Named],
    *,
    but: Sequence[Named],
) -> Said:
    """Adds the doctors and the specialty that are called by these words, and what is left of the words.

    Who is not wanted, of `but`, tells the specialty as well where nothing else does.
    """
    called: list[Named] = []
    asked, rest = [], []
    for word in names:
        of_doctors = [each for each in doctors if any(_is_called(own, word) for own in each.words)]
        if of_doctors:
            called += of_doctors
        elif any(_is_called(own, word) for each in specialties for own in each.words):
            asked.append(word)
        else:
            rest.append(word)
    meant = _best(asked, specialties) if asked else ()
    if meant:
        called = [each for each in called if set(each.specialties) & set(meant)] or called
    else:
        meant = tuple(dict.fromkeys(pk for each in called or but for pk in each.specialties))
    doctors_meant = tuple(dict.fromkeys(each.pk for each in called))
    unwanted = tuple(dict.fromkeys(each.pk for each in but if set(each.specialties) & set(meant)))
    return replace(said, specialties=meant, doctors=doctors_meant, not_doctors=unwanted, rest=tuple(rest))


def _best(words: Sequence[str], specialties: Collection[Named]) -> tuple[UUID, ...]:
    """Returns the specialties that most of the words call, and of these the ones that are called by little else."""

    def weight(each: Named) -> tuple[int, int]:
        answered = [word for word in words if any(_is_called(own, word) for own in each.words)]
        unsaid = [own for own in set(each.words) if not any(_is_called(own, word) for word in words)]
        return -len(answered), len(unsaid)

    best = min(weight(each) for each in specialties)
    return tuple(each.pk for each in specialties if weight(each) == best)


def _is_called(own: str, word: str) -> bool:
    """Tells whether the word is this name, its beginning, or the name in another case: «белову», «дерматологу»."""
    if own == word:
        return True
    if len(word) < SHORTEST:
        return False
    if own.startswith(word):
        return True
    common = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(own, word, strict=False)))
    return common >= max(SHORTEST, len(own) - 2) and len(word) - common <= 3


def _span(words: list[str], today: date, said: Said) -> _Read | None:
    """«с 16 до 18», «16-18», «с 9:30 до 12» are hours from and until."""
    if found := re.fullmatch(rf"{_HOUR.pattern}-{_HOUR.pattern}", words[0]):
        since, until = _time(found[1], found[2]), _time(found[3], found[4])
        return _Read(1, replace(said, time_from=since, time_until=until)) if since and until else None
    return None


def _weeks(words: list[str], today: date, said: Said) -> _Read | None:
    """«на этой неделе», «на следующей неделе», «через неделю», «через 2 недели», «через три дня», «через месяц»."""
    if words[0] in ("на", "этой", "следующей"):
        words, skipped = (words[1:], 1) if words[0] == "на" else (words, 0)
        if len(words) < 2 or not words[1].startswith("недел") or words[0] not in ("этой", "следующей"):
            return None
        sunday = today + timedelta(days=7 - today.isoweekday())
        first, last = (today, sunday) if words[0] == "этой" else (sunday + timedelta(1), sunday + timedelta(7))
        return _Read(2 + skipped, replace(said, date_from=first, date_until=last))
    if words[0] != "через" or len(words) < 2:
        return None
    number = int(words[1]) if words[1].isdecimal() and len(words[1]) < 3 else _NUMBERS.get(words[1], 0)
    unit = words[2] if number and len(words) > 2 else words[1]
    days = (
        7
        if unit.startswith("недел")
        else 30
        if unit.startswith("месяц")
        else 1
        if unit[:3] in ("дня", "ден", "дне")
        else 0
    )
    if not days:
        return None
    return _Read(3 if number else 2, replace(said, date_from=today + timedelta(days=days * (number or 1))))


def _day(words: list[str], today: date, said: Said) -> _Read | None:
    """«завтра», «со вторника», «до 5.12», «на 3 декабря», «во вторник» are days."""
    bound = words[0] if words[0] in (*_FROM, *_UNTIL, "на", "в", "во", "к") else ""
    after = words[1:] if bound else words
    if bound == "по" and after and after[0].endswith("ам"):
        return None  # «по вторникам»: every one of them
    taken, day = _a_day(after, today, alone=not bound)
    if day is None:
        return None
    taken += bool(bound)
    if bound in _FROM:
        return _Read(taken, replace(said, date_from=day + timedelta(days=bound == "после")))
    if bound in ("до", "по", "к"):
        return _Read(taken, replace(said, date_until=day))
    return _Read(taken, replace(said, date_from=day, date_until=day))


def _a_day(words: list[str], today: date, *, alone: bool) -> tuple[int, date | None]:
    """Returns how many words make a day, and the day; a weekday that stands alone is every such day, not one."""
    if not words:
        return 0, None
    if words[0] in _DAYS:
        return 1, today + timedelta(days=_DAYS[words[0]])
    if not alone and (number := _weekday(words[0])):
        return 1, today + timedelta(days=(number - today.isoweekday()) % 7 or 7)
    for length in (3, 2, 1):
        text = " ".join(words[:length])
        if len(words) >= length and (length > 1 or re.search(r"\d[./-]\d", text)):
            try:
                return length, dates.parse(text, today=today, sense=Sense.AHEAD)
            except ValidationError:
                continue
    return 0, None


def _hours(words: list[str], today: date, said: Said) -> _Read | None:
    """«после 16», «до 12:30», «с 9», «в 17», «после обеда», «утро» are hours."""
    if words[0] in ("после", "до") and words[1:2] in (["обеда"], ["работы"]):
        edge = LUNCH if words[1] == "обеда" else DAY_ENDS
        return _Read(2, replace(said, time_from=edge) if words[0] == "после" else replace(said, time_until=edge))
    if words[0] in (*_FROM, "до", "в", "к") and len(words) > 1 and (found := _HOUR.fullmatch(words[1])):
        hour = _time(found[1], found[2])
        if hour is None:
            return None
        return _Read(2, replace(said, time_until=hour) if words[0] in ("до", "к") else replace(said, time_from=hour))
    if words[0] in _PARTS:
        since, until = _PARTS[words[0]]
        return _Read(1, replace(said, time_from=since or said.time_from, time_until=until or said.time_until))
    return None


def _weekdays(words: list[str], today: date, said: Said) -> _Read | None:
    """«пн ср», «пн-чт», «по вторникам», «будни», «выходные» are days of the week."""
    if words[0].startswith("будн"):
        return _Read(1, replace(said, weekdays=_with(said, range(1, 6))))
    if words[0].startswith("выходн"):
        return _Read(1, replace(said, weekdays=_with(said, (6, 7))))
    first, dash, last = words[0].partition("-")
    since, until = _weekday(first), _weekday(last)
    if dash and since and until:
        days = range(since, until + 1) if since <= until else (*range(since, 8), *range(1, until + 1))
        return _Read(1, replace(said, weekdays=_with(said, days)))
    return _Read(1, replace(said, weekdays=_with(said, (since,)))) if since and not dash else None


def _with(said: Said, days: Collection[int] | range) -> tuple[int, ...]:
    return tuple(sorted({*said.weekdays, *days}))


def _weekday(word: str) -> int | None:
    """Returns 1 for «пн», «понедельник», «понедельника», «понедельникам»."""
    for number, (short, *long) in enumerate(_WEEKDAYS, start=1):
        if word == short or any(_is_called(name, word) for name in long):
            return number
    return None


def _time(hour: str, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


RULES: tuple[Rule, ...] = (_span, _weeks, _day, _hours, _weekdays)

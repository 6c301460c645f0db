"""Reads the text of a search box as the keys of `PersonSearch` that it may mean."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.text import dates, phones
from foundation.text.dates import Sense
from foundation.text.folding import fold

LAST = chr(sys.maxunicode)
"""No key goes on with a higher sign: `word + LAST` is behind all keys that begin with the word."""
FEWEST_DIGITS = 4
"""So many last digits of a phone are looked for at least."""
MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_](?:['-]?[^\W\d_])*")
_NUMBER = re.compile(r"\+?\d[\d\s().\-/]*")
_YEAR = re.compile(r"19\d\d|20\d\d")
_END = r"(?:[ '-]|$)"
_CARD = re.compile(r"[мm] ?-? ?(\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """Keys from `first` up to `after` that match `rest`, a regular expression; those that match `whole` come first."""

    first: str
    after: str
    rest: str = ""
    whole: str = ""

    @classmethod
    def equal(cls, key: str) -> "Reading":
        return cls(key, key + "\x01")

    @classmethod
    def begins(cls, key: str, *, rest: str = "", whole: str = "$ ") -> "Reading":
        """A beginning is never the whole unless `whole` says when."""
        return cls(key, key + LAST, rest, whole)


@dataclass(frozen=True, slots=True)
class Asked:
    """The meaning of a text: the keys it may stand for, words that the same person has as well, the year of birth."""

    readings: list[Reading]
    words: list[str]
    year: int | None = None


def of(text: str) -> Iterator[Asked]:
    """Returns what a text may mean, the surest first: «ива п с», «ольга иванова», «иванова 1122», a date, a card."""
    folded = fold(text)
    if card := _CARD.fullmatch(folded):
        yield Asked([_card(card[1])], [])
        return
    words, number = words_of(folded), _number(folded)
    if words and number and (day := _date(text)):
        yield Asked([Reading.equal(birth_key(day))], [])
    if number and (keys := _of_number(number, alone=not words)):
        yield Asked(keys, [_beginning(word) for word in words])
    if words:
        yield Asked(_of_words(words), [], _year(number))


def respelt(text: str, spellings: Mapping[str, Sequence[str]]) -> Iterator[Asked]:
    """Returns the same with other words for one of them: `spellings` has those that are one slip away from a word."""
    folded = fold(text)
    words, number = words_of(folded), _number(folded)
    if number and (keys := _of_number(number, alone=False)):
        yield Asked(keys, [_beginning(word, *spellings.get(word, ())) for word in words])
    yield Asked([reading for other in _others(words, spellings) for reading in _of_words(other)], [], _year(number))


def words_of(text: str) -> list[str]:
    """Returns the words of a name as it was typed, folded, at most four."""
    return _WORD.findall(fold(text))[:MOST_WORDS]


def birth_key(day: date) -> str:
    return f"@{day.isoformat()}"


def phone_key(number: str) -> str:
    """Returns the key of a whole number in E.164."""
    return f">{number.lstrip('+')[::-1]}"


def _others(words: list[str], spellings: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    for place, word in enumerate(words):
        for spelling in spellings.get(word, ()):
            yield [*words[:place], spelling, *words[place + 1 :]]


def _number(folded: str) -> str:
    return found[0].strip() if (found := _NUMBER.search(folded)) else ""


def _year(number: str) -> int | None:
    return int(number) if _YEAR.fullmatch(number) else None


def _of_number(text: str, *, alone: bool) -> list[Reading]:
    """Returns what digits may be: a birth date, a phone or its end, and with nothing beside them a card number."""
    digits = re.sub(r"\D", "", text)
    readings = [Reading.equal(birth_key(day))] if (day := _date(text)) else []
    if alone and len(digits) < 7 and not text.startswith("+"):
        readings.append(_card(digits))
    if len(part := phones.part_of(text)) >= FEWEST_DIGITS:
        readings.append(Reading.begins(f">{part[::-1]}", whole="" if len(part) >= 10 else "$ "))
    return readings


def _card(digits: str) -> Reading:
    return Reading.equal(f"#{digits.lstrip('0')}")


def _date(text: str) -> date | None:
    """Returns the birthday that a text is, written in any way («5 марта 85»); seven digits lack the zero of the day."""
    try:
        return dates.parse(
            f"0{text}" if re.fullmatch(r"\d{7}", text) else text, today=timezone.localdate(), sense=Sense.BIRTH
        )
    except ValidationError:
        return None


def _of_words(words: list[str]) -> list[Reading]:
    """Returns the readings of a name: two words of it that follow each other, then the longest word with the rest.

    The first kind meets few keys; the second finds any order and any beginnings.
    """
    longest = max(words, key=len)
    readings = [_led_by(pair, words) for pair in permutations(words, 2)]
    return [*readings, _led_by((longest,), words)]


def _led_by(leading: Sequence[str], words: list[str]) -> Reading:
    """Returns the keys that begin with the leading words and have the others after them."""
    others = list(words)
    for word in leading:
        others.remove(word)
    rest = "".join(f"(?=.*{_beginning(word)})" for word in others)
    ending = "".join(f"(?=.*{_beginning(word)}{_END})" for word in others)
    key = " ".join(leading)
    return Reading.begins(key, rest=f"^{rest}" if rest else "", whole=f"^{ending}{re.escape(key)}{_END}")


def _beginning(*words: str) -> str:
    return f"(?:^|[ '-])(?:{'|'.join(map(re.escape, words))})"

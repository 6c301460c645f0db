"""The one box of the operator takes whatever a telephone shows or a caller says: a number, a part of one, a name."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.text import dates, phones
from foundation.text.dates import Sense
from foundation.text.folding import fold
from foundation.text.layouts import in_other_layout
from foundation.text.signs import plain

HIDDEN = frozenset(map(fold, ("скрыт", "скрыто", "скрытый", "не определен", "неизвестен", "аноним", "hidden")))
"""What a telephone shows, or an operator types, of a number that is not told (W26)."""
FEWEST = 4
"""Digits of a part of a number that are looked for at least."""
NEARLY_WHOLE = 7
"""From so many digits on a number was meant as a whole one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The text of the box as it is meant; what it does not mean is empty."""

    text: str
    phone: str = ""
    """A whole number as E.164."""
    part: str = ""
    """Digits that are a part of a number."""
    hidden: bool = False
    wrong: str = ""
    """What is missing in a number that was meant as a whole one."""

    @property
    def is_name(self) -> bool:
        """Tells whether it is a name or a birth date: nothing of a number."""
        return not (self.phone or self.part or self.hidden)

    @classmethod
    def of(cls, text: str) -> "Asked":
        digits = [sign for sign in text if sign.isdigit()]
        if _is_hidden(text):
            return cls(text, hidden=True)
        if len(digits) < FEWEST or any(sign.isalpha() for sign in text) or _is_birth_date(text):
            return cls(text)
        part = phones.part_of(text)
        if len(digits) < NEARLY_WHOLE:
            return cls(text, part=part)
        try:
            return cls(text, phone=phones.parse(text))
        except ValidationError as error:
            return cls(text, part=_without_code(part), wrong=" ".join(error.messages))


def _without_code(digits: str) -> str:
    """Leaves out the 8 or 7 before a number that has nine digits after it, not ten."""
    return digits[1:] if len(digits) == 10 and digits[0] in "78" else digits


def _is_birth_date(text: str) -> bool:
    try:
        dates.parse(text, today=timezone.localdate(), sense=Sense.BIRTH)
    except ValidationError:
        return False
    return True


def _is_hidden(text: str) -> bool:
    ways = (text, *in_other_layout(plain(text)))
    return any(fold(way).removeprefix("номер ").removesuffix(" номер").strip() in HIDDEN for way in ways)

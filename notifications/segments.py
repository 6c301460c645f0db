"""Counts the SMS that a Cyrillic text takes, and chooses the fullest wording that fits into two (T74)."""

from collections.abc import Iterable

ALONE, OF_SEVERAL = 70, 67
"""Characters of UCS-2 in one SMS, and in each of several."""
MOST = 2


def segments(text: str) -> int:
    """Returns how many SMS the text takes."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= ALONE else -(-units // OF_SEVERAL)


def fullest(wordings: Iterable[str]) -> str:
    """Returns the first of these wordings that fits into two SMS, or else the last."""
    text = ""
    for text in wordings:
        if segments(text) <= MOST:
            return text
    return text

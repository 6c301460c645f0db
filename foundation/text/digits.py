"""Signs that only look like others, as they come from other keyboards and from what was copied."""

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def plain(text: str) -> str:
    """Returns a text with ordinary digits, signs and single spaces: full width and Arabic digits, U+00A0, U+202A."""
    signs = (sign for sign in unicodedata.normalize("NFKC", text) if _is_seen(sign))
    return " ".join("".join(map(_digit, signs)).split())


def _is_seen(sign: str) -> bool:
    return sign in "\t\n\r" or unicodedata.category(sign) not in _INVISIBLE


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign

"""Signs that nobody sees, or that only look like others: they come from other keyboards and from what was copied."""

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def plain(text: str) -> str:
    """Returns a text with ordinary digits, signs and single spaces: full width and Arabic digits, U+00A0, U+202A."""
    return "".join(map(_digit, visible(unicodedata.normalize("NFKC", text))))


def visible(text: str) -> str:
    """Returns a text without what nobody sees and with single spaces; every other sign stays as it was typed."""
    signs = (sign for sign in text if sign.isspace() or unicodedata.category(sign) not in _INVISIBLE)
    return unicodedata.normalize("NFC", " ".join("".join(signs).split()))


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign

"""Addresses of pages are made of Russian names in Latin letters."""

import re

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u"),
            *("f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
        ],
        strict=True,
    )
)
LONGEST = 40


def slug_of(text: str) -> str:
    """Returns «Лазерная терапия» as `lazernaya-terapiya`; a text without letters or figures is `x`."""
    latin = "".join(_LATIN.get(sign, sign) for sign in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:LONGEST].strip("-") or "x"

"""The audit keeps what stood in a column and what was written there; of a document's number its last signs."""

import re

from foundation.changes import Edited, as_text

_LONG_NUMBER = re.compile(r"(?<![\w@.+])\d(?:[ №-]*\d){5,}(?![\w@])")
"""Six digits and more, in groups or not: in a text that people type it may be the number of a document."""
LAST = 4
"""So many signs of a number stay, and of a short one no more than half."""
NUMBERS = ("register_number",)
"""Columns that hold the number of a document, however short it is."""


def before_and_after(edited: Edited) -> dict[str, list[str]]:
    return {name: [_written(name, before), _written(name, after)] for name, (before, after) in edited.items()}


def _written(name: str, value: object) -> str:
    """Masks what people type and looks like a long number; phones have a column of their own and stay."""
    text = as_text(value)
    if name in NUMBERS:
        return f"••••{text[max(len(text) - LAST, (len(text) + 1) // 2) :]}" if text else ""
    return masked(text) if isinstance(value, str) and name != "phone" else text


def masked(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: f"••••{re.sub(r'[^0-9]', '', found[0])[-LAST:]}", text)

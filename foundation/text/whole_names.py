"""Tells when a whole name seems to stand in the field of the surname: it is asked about and never split unasked."""

import re

from foundation.text.folding import fold

_PATRONYMIC = re.compile(r"..+(?:ич|вна|чна)")
_PARTICLES = {"оглы", "оглу", "кызы", "гызы", "улы", "уулу", "углы", "заде"}
"""«Мамед оглы» is one patronymic of two words, and may be a surname."""


def surname_in(surname: str, *, first_name: str, patronymic: str) -> str | None:
    """Returns what is left of the surname without the other names; None where nothing has to be asked.

    Words alone say nothing: «де ла Крус Гарсия» is a surname. Either the name or the patronymic is typed there again,
    or the last word looks like a patronymic. The answer is empty where only the word of whoever typed it helps.
    """
    words = surname.split()
    others = {fold(name) for name in (first_name, patronymic) if name}
    again = next((place for place, word in enumerate(words) if fold(word) in others), None)
    if again is not None and len(words) > 1:
        return " ".join(words[:again])
    of_patronymic = _words_of_patronymic(words)
    return " ".join(words[: -1 - of_patronymic]) if of_patronymic else None


def _words_of_patronymic(words: list[str]) -> int:
    """Counts the words at the end that look like a patronymic; none where a name would be missing before a particle."""
    last = fold(words[-1]) if words else ""
    if last in _PARTICLES:
        return 2 if len(words) > 3 else 0
    return 1 if len(words) > 1 and _PATRONYMIC.fullmatch(last) else 0

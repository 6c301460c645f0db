"""Text typed on the keyboard of the other language: `bdfyjd` is «иванов», «ыьшер» is smith."""

import re
from collections.abc import Iterator

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN = str.maketrans(_LATIN.upper() + _LATIN, _RUSSIAN.upper() + _RUSSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN + _RUSSIAN.upper(), _LATIN + _LATIN.upper())


def in_other_layout(text: str) -> Iterator[str]:
    """Returns what the same keys write in the other language, then the same for one of the words alone.

    An apostrophe may be meant as one: «j'ybk» is «о'нил».
    """
    if not re.search(r"[A-Za-zА-Яа-яЁё]", text):
        return
    yield _switched(text)
    if "'" in text:
        yield "'".join(map(_switched, text.split("'")))
    words = text.split()
    if len(words) > 1:
        for place, word in enumerate(words):
            yield " ".join([*words[:place], _switched(word), *words[place + 1 :]])


def _switched(text: str) -> str:
    return text.translate(_TO_RUSSIAN if re.search("[A-Za-z]", text) else _TO_LATIN)

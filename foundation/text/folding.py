"""Folds all spellings of a name into one form, by which people are found and compared."""

import re
import unicodedata

_SIGNS = str.maketrans(dict.fromkeys("`´‘’‛′ʹʻʼʽ՚ꞌ", "'") | dict.fromkeys("‐‑‒–—―−⁃˗", "-"))
_UNSEEN = {"Cc", "Cf", "Mn", "Me"}
"""Categories of invisible characters, and of marks above a letter that make no other letter of it."""
_WORD = re.compile(r"[^\s\-]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f]")
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYabceikopxy", "АВСЕНКМОРТХУаьсеікорху")


def fold(name: str) -> str:
    """Folds a name: lower case, ё as е, one apostrophe, hyphen and space, no Latin letters in a Russian word.

    «O’КОННОР‑Семёнова», typed with a Latin O, a curved apostrophe and a hyphen that never breaks, is
    «о'коннор-семенова»; nothing invisible is left. Folding twice changes nothing. The stored column
    `Patient.search_name` knows less of this, only the case and ё: a query has to look for the name as it is stored as
    well.
    """
    text = " ".join(name.translate(_SIGNS).split())
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    text = _WORD.sub(_in_one_alphabet, text)
    text = unicodedata.normalize("NFKC", text.casefold())
    text = unicodedata.normalize("NFKC", "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN))
    return " ".join(text.replace("ё", "е").split())


def _in_one_alphabet(word: re.Match[str]) -> str:
    """Turns Latin look-alikes into Russian letters in a word with a Russian letter: «Пeтpoв» is typed with three."""
    text = word[0]
    return text.translate(_LOOKALIKES) if _CYRILLIC.search(text) else text

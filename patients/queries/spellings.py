"""Spellings under which a name may be stored in the column `Patient.search_name`."""

from foundation.text.folding import fold


def spellings(name: str) -> list[str]:
    """Returns the name as it is written here, and folded.

    The column has lower case and е for ё, the rest of it as it was typed.
    """
    return list(dict.fromkeys([as_stored(name), fold(name)]))


def as_stored(name: str) -> str:
    return " ".join(name.lower().replace("ё", "е").split())

"""Ids are read here from addresses and forms; a text that is no id finds nothing."""

from uuid import UUID

from django.http import Http404

LONGEST_ROW_ID = 18
"""Digits that fit into the database's largest number."""


def as_uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def uuid_or_404(text: object) -> UUID:
    if found := as_uuid(text):
        return found
    raise Http404


def as_row_id(text: object) -> int | None:
    """Reads the id of a row that is numbered; None for any other text."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ROW_ID else None

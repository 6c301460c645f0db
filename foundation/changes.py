"""Changes of a row that somebody else may be changing: base, mine and theirs are compared column by column."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from foundation.errors import DomainError

Edited = dict[str, tuple[object, object]]
"""What stood in a column and what has been written, by the column."""


class ChangedMeanwhile(DomainError):
    """Somebody else has changed the same columns since the form was opened; nothing has been written."""

    code = "changed_meanwhile"
    message = _("Somebody else has changed the same meanwhile. Choose what stays; nothing you typed is lost.")

    def __init__(self, columns: Collection[str]) -> None:
        self.columns = frozenset(columns)


@dataclass(frozen=True, slots=True)
class Changes:
    """New values of columns, and the digest of what stood there when they were typed.

    Without `seen` nobody has looked before: each value is written. A column that is missing in it was not
    seen: it is written only while nothing is recorded there.
    """

    values: Mapping[str, object]
    seen: Mapping[str, str] | None = None

    def apply(self, row: Model) -> Edited:
        """Sets on a locked row what this person has changed, and leaves what others have. Raises ChangedMeanwhile.

        What two people have changed may be impossible together: then each has to see what the other has written.
        """
        current = recorded(row, self.values)
        mine = {name: value for name, value in self.values.items() if self._is_mine(name, value)}
        mine = {name: value for name, value in mine.items() if digest(value) != digest(current[name])}
        theirs = {name for name, value in current.items() if self._is_theirs(name, value)}
        if theirs & mine.keys():
            raise ChangedMeanwhile(theirs & mine.keys())
        for name, value in mine.items():
            _write(row, name, value)
        if theirs and mine:
            self._check_together(row, theirs)
        return {name: (current[name], value) for name, value in mine.items()}

    def _is_mine(self, name: str, value: object) -> bool:
        return self.seen is None or self.seen.get(name, NOTHING) != digest(value)

    def _is_theirs(self, name: str, value: object) -> bool:
        return self.seen is not None and self.seen.get(name, NOTHING) != digest(value)

    def _check_together(self, row: Model, theirs: Collection[str]) -> None:
        try:
            row.validate_constraints()
        except ValidationError as error:
            raise ChangedMeanwhile(theirs) from error


def recorded(row: Model, columns: Collection[str] | Mapping[str, object]) -> dict[str, object]:
    """Returns what stands in these columns; of a related row its key, without reading it, of several a list of keys."""
    many = _many(row)
    return {
        name: [each.pk for each in getattr(row, name).all()] if name in many else row.serializable_value(name)
        for name in columns
    }


def _write(row: Model, name: str, value: object) -> None:
    """Sets a column, to be saved with the row, or at once the rows that this one is joined with."""
    if name in _many(row):
        getattr(row, name).set(value)
    else:
        setattr(row, name, value)


def _many(row: Model) -> set[str]:
    return {field.name for field in row._meta.many_to_many}


def changed_since(seen: Mapping[str, str], current: Mapping[str, object]) -> set[str]:
    """Returns the columns in which something else stands than whoever has these digests has seen."""
    return {name for name, value in current.items() if seen.get(name, NOTHING) != digest(value)}


def as_text(value: object) -> str:
    """Writes a value in one way: of a row its key, of a phone E.164, of several values their sorted list."""
    match value:
        case None:
            return ""
        case Model():
            return str(value.pk)
        case PhoneNumber():
            return str(value.as_e164) if value else ""
        case Decimal():
            return f"{value.normalize():f}"
        case list() | tuple() | QuerySet():
            return ", ".join(sorted(as_text(each) for each in value))
    return str(value)


def digest(value: object) -> str:
    return hashlib.blake2b(as_text(value).encode(), digest_size=8).hexdigest()


NOTHING = digest(None)
NO_CHANGES = Changes({})

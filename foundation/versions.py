"""The version of a row in a form: a digest of each column as the form was opened."""

from collections.abc import Mapping

from django import forms

from foundation.changes import digest


class VersionField(forms.CharField):
    """A hidden field with the version; it is no answer of the person, so it never counts as changed."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: object) -> str:
        return str(value or "")

    def has_changed(self, initial: object, data: object) -> bool:
        return False


def version_of(columns: Mapping[str, object]) -> str:
    return dump({column: digest(value) for column, value in columns.items()})


def dump(digests: Mapping[str, str]) -> str:
    return " ".join(f"{column}:{value}" for column, value in digests.items())


def load(text: str) -> dict[str, str]:
    """Reads what `dump` has written; what cannot be read was not seen."""
    return dict(pair for part in text.split() if len(pair := part.split(":")) == 2)

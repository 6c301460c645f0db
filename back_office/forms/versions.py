"""A form that edits a row carries what it was opened with, so that nobody's change is written over unseen."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from foundation.changes import ChangedMeanwhile, Changes, digest
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.versions import VersionField, dump, load, version_of

KEEP, TAKE = "keep", "take"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people have changed the field; `seen` is the digest of what is recorded and shown."""

    field: str
    column: str
    recorded: str
    seen: str

    @property
    def sentence(self) -> str:
        return _("now recorded: %(value)s") % {"value": self.recorded or _("nothing")}


class EditForm(forms.Form):
    """A form that edits a row when it is given what is `recorded` in the row's columns, else makes a new one."""

    version = VersionField()
    FIELDS: ClassVar[Mapping[str, str]] = {}
    """The field of a column, where its name is another."""

    def __init__(
        self, data: QueryDict | None = None, *args: Any, recorded: Mapping[str, object] | None = None, **options: Any
    ) -> None:  # the rest goes to Django's form as it is
        super().__init__(data, *args, **options)
        self.recorded = recorded or {}
        self.conflicts: list[Conflict] = []
        if recorded is None:
            del self.fields["version"]
            return
        self.fields["version"].initial = version_of(recorded)
        if data is not None and "choose" in data:
            self._choose(data, str(data["choose"]))

    def changes(self, values: Mapping[str, object]) -> Changes:
        return Changes(values, seen=load(self.cleaned_data["version"]))

    def refuse(self, error: DomainError) -> None:
        """Says why nothing was saved; beside a field that two have changed it shows what is recorded now."""
        self.is_valid()
        if sentence := sentence_of(error):
            self.add_error(None, sentence)
        if isinstance(error, ChangedMeanwhile):
            self.conflicts = [self._conflict(column) for column in self.recorded if column in error.columns]
            for conflict in self.conflicts:
                self.add_error(conflict.field, conflict.sentence)

    def _choose(self, data: QueryDict, choice: str) -> None:
        """Takes the answer to a conflict: what is typed stays, now that the other value is known, or gives way."""
        how, _space, rest = choice.partition(" ")
        column, _space, seen = rest.partition(" ")
        if column not in self.recorded or how not in (KEEP, TAKE):
            return
        sent = data.copy()
        if how == TAKE:
            seen = digest(self.recorded[column])
            sent.setlist(self.add_prefix(self._field_of(column)), self._as_sent(self._field_of(column)))
        version = self.add_prefix("version")
        sent[version] = dump(load(sent.get(version, "")) | {column: seen})
        self.data = sent

    def _field_of(self, column: str) -> str:
        return self.FIELDS.get(column, column)

    def _as_sent(self, name: str) -> list[str]:
        """Returns what a browser would send of the field as it is recorded."""
        field = self.fields[name]
        # the admin wraps the widget of what names another row
        widget: forms.Widget = getattr(field.widget, "widget", None) or field.widget
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(widget, forms.CheckboxInput):
            return ["on"] if value else []
        value = widget.format_value(value)
        values = value if isinstance(value, list | tuple) else [value]
        return ["" if each is None else str(each) for each in values]

    def _conflict(self, column: str) -> Conflict:
        name = self._field_of(column)
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        return Conflict(name, column, shown(field, value), digest(self.recorded[column]))


def shown(field: forms.Field, value: object) -> str:
    """Writes a value of a field as people read it."""
    several = value if isinstance(value, list | tuple) else [value]
    chosen = {str(each) for each in several if each not in (None, "")}
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset.model.objects.filter(pk__in=chosen) if field.queryset is not None else []
        return ", ".join(field.label_from_instance(row) for row in rows)
    if isinstance(field.widget, forms.Select):
        return ", ".join(str(label) for choice, label in field.widget.choices if str(choice) in chosen)
    if isinstance(value, datetime.date):
        return formatted(value, "d.m.Y")
    return f"{value:%H:%M}" if isinstance(value, datetime.time) else str(value or "")

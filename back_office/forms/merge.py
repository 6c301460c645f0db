"""The form asks for each column in which two records of one person differ which value stays."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from back_office.forms.patients import PersonForm, columns_of
from back_office.forms.versions import EditForm
from foundation.changes import changed_since
from foundation.versions import load
from patients.errors import RecordsChanged
from patients.models import Patient
from patients.queries import doubles

KEPT, MERGED = "kept", "merged"


class MergeForm(EditForm):
    """The field of each differing column has both values; the one that is not empty is proposed.

    What was `changed` since somebody chose is proposed by nobody: they choose anew, and their other choices stay.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kept: Patient,
        merged: Patient,
        changed: Collection[str] = (),
        **options: Any,
    ) -> None:  # the rest goes to Django's form as it is
        super().__init__(data, recorded=doubles.recorded_in_both(kept, merged), **options)
        own, theirs = columns_of(kept), columns_of(merged)
        for name, field in PersonForm.base_fields.items():
            if name in own and own[name] != theirs[name]:
                is_changed = not {f"{KEPT}.{name}", f"{MERGED}.{name}"}.isdisjoint(changed)
                self.fields[name] = forms.ChoiceField(
                    label=field.label,
                    choices=[(KEPT, _shown(kept, name)), (MERGED, _shown(merged, name))],
                    widget=forms.RadioSelect,
                    initial=None if is_changed else KEPT if own[name] else MERGED,
                    help_text=_("Corrected meanwhile: choose anew.") if is_changed else "",
                )

    def check_seen(self) -> None:
        """Checks before anything else that both records are as they were chosen from. Raises RecordsChanged."""
        if changed := changed_since(self.seen, self.recorded):
            raise RecordsChanged(changed)

    @property
    def seen(self) -> dict[str, str]:
        """The digests of both records as they were shown."""
        return load(str(self.data.get("version", "")))

    @property
    def chosen(self) -> list[str]:
        """The columns that are taken from the record that becomes a part."""
        return [name for name, side in self.cleaned_data.items() if side == MERGED and name != "version"]


def chosen_anew(sent: QueryDict, changed: Collection[str], *, kept: Patient, merged: Patient) -> MergeForm:
    """Returns the form of both records as they are now; what was chosen stays chosen where nothing has changed."""
    names = {column.partition(".")[2] for column in changed}
    stays: Mapping[str, object] = {name: side for name, side in sent.items() if name not in {*names, "version"}}
    return MergeForm(kept=kept, merged=merged, changed=changed, initial=stays)


def _shown(record: Patient, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else columns_of(record)[name]
    return f"{value:%d.%m.%Y}" if name == "birth_date" else str(value or "—")

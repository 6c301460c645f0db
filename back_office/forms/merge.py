"""The form asks for each column in which two records of one person differ which value stays."""

from typing import Any

from django import forms

from back_office.forms.patients import PersonForm, columns_of
from patients.models import Patient

KEPT, MERGED = "kept", "merged"


class MergeForm(forms.Form):
    """The field of each differing column has both values; the one that is not empty is proposed."""

    def __init__(self, *args: Any, kept: Patient, merged: Patient, **options: Any) -> None:
        super().__init__(*args, **options)
        own, theirs = columns_of(kept), columns_of(merged)
        for name, field in PersonForm.base_fields.items():
            if name in own and own[name] != theirs[name]:
                self.fields[name] = forms.ChoiceField(
                    label=field.label,
                    choices=[(KEPT, _shown(kept, name)), (MERGED, _shown(merged, name))],
                    widget=forms.RadioSelect,
                    initial=KEPT if own[name] else MERGED,
                )

    @property
    def chosen(self) -> list[str]:
        """The columns that are taken from the record that becomes a part."""
        return [name for name, side in self.cleaned_data.items() if side == MERGED]


def _shown(record: Patient, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else columns_of(record)[name]
    return f"{value:%d.%m.%Y}" if name == "birth_date" else str(value or "—")

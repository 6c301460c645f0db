from typing import Any

from django import forms

from back_office.forms.booking import OverbookForm
from back_office.forms.panel import Panel


class OverPanel(Panel):
    """The panel asks for a busy time what it asks for a free one, and the reason besides."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.over = self._made(OverbookForm)

    @property
    def forms(self) -> list[forms.Form]:
        return [*super().forms, self.over]

    @property
    def reason(self) -> str:
        return str(self.over.cleaned_data["reason"])

    @property
    def key(self) -> str:
        return f"over:{self.form.cleaned_data['key']}"

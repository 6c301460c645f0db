"""These fields take what people at the desk type."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

EARLIEST_BIRTH = date(1900, 1, 1)


class TypedDateField(forms.DateField):
    """The date is typed as ДД.ММ.ГГГГ, with or without dots, which is faster than a calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"inputmode": "numeric", "placeholder": _("DD.MM.YYYY"), "autocomplete": "off"})
        usual: dict[str, Any] = {"widget": widget, "error_messages": {"invalid": _("Write the date as 17.05.1990.")}}
        super().__init__(**usual | options)


class BirthDateField(TypedDateField):
    def clean(self, value: object) -> date | None:
        born: date | None = super().clean(value)
        if born and born > timezone.localdate():
            raise ValidationError(_("The birth date is in the future. Check the year."), code="future")
        if born and born < EARLIEST_BIRTH:
            raise ValidationError(_("The birth date is before 1900. Check the year."), code="past")
        return born

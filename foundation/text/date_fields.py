"""Form fields for dates that are typed: all of both doors are of this family."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.text.dates import MESSAGES, Sense, parse

EARLIEST_BIRTH = date(1900, 1, 1)


class TypedDateField(forms.DateField):
    """A form field for a date written in any way, which is faster than a calendar.

    `sense` says what is meant without a year. Nothing is cut: there is no longest text.
    """

    default_error_messages = MESSAGES

    def __init__(self, *, sense: Sense = Sense.NEAREST, **options: Any) -> None:
        """Takes the options of a DateField."""
        hints = {"inputmode": "numeric", "placeholder": _("DD.MM.YYYY"), "autocomplete": "off"}
        super().__init__(**{"widget": forms.DateInput(hints, "%d.%m.%Y")} | options)
        self.sense = sense

    def to_python(self, value: str | date | None) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            day = parse(value, today=timezone.localdate(), sense=self.sense)
        except ValidationError as error:
            raise ValidationError(self.error_messages[error.code or "invalid"], code=error.code) from None
        self._check_year(day)
        return day

    @property
    def years(self) -> range:
        """Another year is a slip of the keyboard."""
        return range(1900, 2200)

    def _check_year(self, day: date) -> None:
        if day.year not in self.years:
            raise ValidationError(self.error_messages["year"], code="year")


class BirthDateField(TypedDateField):
    """A form field for a birth date: never ahead of today, not before 1900."""

    def __init__(self, **options: Any) -> None:
        super().__init__(sense=Sense.BIRTH, **options)

    def _check_year(self, day: date) -> None:
        if day > timezone.localdate():
            raise ValidationError(_("The birth date is in the future. Check the year."), code="future")
        if day < EARLIEST_BIRTH:
            raise ValidationError(_("The birth date is before 1900. Check the year."), code="past")

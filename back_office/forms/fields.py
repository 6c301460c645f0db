"""Fields as people at the desk fill them in."""

import re
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

EARLIEST_BIRTH = date(1900, 1, 1)


class PhoneField(forms.CharField):
    """Any way of writing a number; the cleaned value is E.164. «+89…» is a slip for «+79…»."""

    default_error_messages = {
        "phone": _("This is not a phone number. Write it with the code: 8 921 000-11-22."),
    }

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {"max_length": 40, "widget": forms.TextInput({"inputmode": "tel"})}
        super().__init__(**usual | options)

    def clean(self, value: object) -> str:
        text = super().clean(value)
        return self._e164(text) if text else ""

    def _e164(self, text: str) -> str:
        digits = re.sub(r"\D", "", text)
        if len(digits) == 11 and digits.startswith("89"):
            text = "+7" + digits[1:]
        try:
            number = phonenumbers.parse(text, "RU")
        except phonenumbers.NumberParseException as error:
            raise ValidationError(self.error_messages["phone"], code="phone") from error
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(self.error_messages["phone"], code="phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class TypedDateField(forms.DateField):
    """Typed as ДД.ММ.ГГГГ, with or without dots: faster than a calendar."""

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

"""Phone numbers as people write them: one way to read them for all callers."""

import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, ValidationResult

HERE = "RU"
"""The region of a number written without a country code."""


def e164(text: str, *, in_plan: bool = False) -> str:
    """Returns «8 (921) 000-11-22» as +79210001122; empty for what is no whole number.

    «+89…» is a slip for «+79…». `in_plan`: only a number that the country's numbering plan gives out, not every one of
    the right length.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) == 11 and digits.startswith("89"):
        text = f"+7{digits[1:]}"
    try:
        number = phonenumbers.parse(text, HERE)
    except phonenumbers.NumberParseException:
        return ""
    whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if not whole or (in_plan and not phonenumbers.is_valid_number(number)):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def part_of(text: str) -> str:
    """Returns the digits of any part of a number, as numbers are stored: those of «8 921 000-11-22» begin with 921."""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return digits[1:] if len(digits) == 11 and digits[0] in "78" else digits


def shown(number: str) -> str:
    """Returns a number in E.164 as «+7 921 000-11-22»; empty without one."""
    if not number:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


class PhoneField(forms.CharField):
    """A form field for a number written in any way; its value is E.164, or empty where none is required."""

    default_error_messages = {
        "invalid": _("This is not a phone number. Write it with the code: 8 921 000-11-22."),
    }

    def __init__(self, *, in_plan: bool = False, **options: Any) -> None:
        """Takes the options of a CharField."""
        usual: dict[str, Any] = {"max_length": 40, "widget": forms.TextInput({"inputmode": "tel"})}
        super().__init__(**usual | options)
        self.in_plan = in_plan

    def clean(self, value: object) -> str:
        text = super().clean(value)
        number = e164(text, in_plan=self.in_plan)
        if text and not number:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number

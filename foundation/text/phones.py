"""Phone numbers as people write them: one way to read them for all callers."""

import re
from typing import TYPE_CHECKING, Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat

from foundation.text.signs import plain

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MESSAGES: "dict[str, str | _StrPromise]" = {
    "invalid": _("This is not a phone number. Write it with the code: 8 921 000-11-22."),
    "words": _("Write the number alone, without «%(words)s»."),
    "several": _("There is room for one number here."),
    "short": _("A digit is missing: after 8 or +7 come ten digits, here are %(count)s."),
    "long": _("There are too many digits: after 8 or +7 come ten, here are %(count)s."),
    "unknown": _("No city or operator has the code %(code)s. Check the number."),
    "local": _("This looks like a city number. Write it whole: %(whole)s."),
    "not_mobile": _("We send a code, and only to Russian mobile numbers. With another number, call us."),
}
_LABEL = r"(?:тел(?:ефон)?|моб(?:ильный)?|сот(?:овый)?|номер|т|tel|phone|mob|no)(?![^\W\d_])"
_BEFORE = re.compile(rf"^[\s.:]*(?:{_LABEL}[\s.:]*)+", re.IGNORECASE)
_OTHER = re.compile(r"[^\d\s+()\[\]{}.,;:/\\_~‐‑‒–—―−-]")
_RUSSIAN_MOBILE = re.compile(r"\+79\d{9}")
_LONGEST = 15
"""Digits of the longest number in the world (E.164)."""


def parse(text: str) -> str:
    """Returns «8 (921) 000-11-22» as +79210001122.

    «+89…» and «+7 8 9…» are slips for «+79…», and «тел.» before a number says nothing. Raises ValidationError, whose
    sentence says what to put right: nothing that was typed is left out in silence.
    """
    text = _BEFORE.sub("", plain(text)).strip()
    _check_for_words(text)
    digits = re.sub(r"\D", "", text)
    if len(digits) > _LONGEST or _is_several(text):
        raise _error("several" if len(digits) > _LONGEST + 4 or _is_several(text) else "long", count=len(digits) - 1)
    if abroad := _abroad(digits, has_plus="+" in text):
        return _foreign(abroad)
    return _ours(digits, has_plus="+" in text)


def e164(text: str) -> str:
    """Returns what `parse` does; empty for what is no whole number."""
    try:
        return parse(text)
    except ValidationError:
        return ""


def _check_for_words(text: str) -> None:
    """Refuses a name, an extension or a sign beside the number, with what it is."""
    other = _OTHER.search(text)
    if not other:
        return
    if not any(sign.isdigit() for sign in text):
        raise _error("invalid")
    after = len(re.findall(r"\d", text[: other.start()])) >= 7
    words = text[other.start() :] if after else " ".join(re.findall(r"[^\d\s+()\[\]{}.,;:/\\-]+", text))
    raise _error("words", words=words.strip(" ()[]{}.,;:-")[:40])


def _is_several(text: str) -> bool:
    parts = [part for part in re.split(r"[,;/\\]", text) if len(re.findall(r"\d", part)) >= 7]
    return len(parts) > 1


def _abroad(digits: str, *, has_plus: bool) -> str:
    """Returns the digits of a number that is written with the code of another country; empty for one of ours."""
    if not has_plus:
        before = next((code for code in ("810", "00") if digits.startswith(code) and len(digits) > 11), "")
        return "" if not before or digits.startswith(f"{before}7") else digits.removeprefix(before)
    is_slip = digits.startswith("8") and _exists(f"7{digits[1:]}") and not _exists(digits)
    return "" if digits.startswith("7") or is_slip else digits


def _exists(digits: str) -> bool:
    """Tells whether the numbering plan of the country gives out such numbers."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


def _foreign(digits: str) -> str:
    """Keeps a number of another country that may be whole: plans abroad change faster than the library knows."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        raise _error("invalid") from None
    if not phonenumbers.is_possible_number(number):
        raise _error("invalid")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _ours(digits: str, *, has_plus: bool) -> str:
    """Reads a number of Russia, or of Kazakhstan, which shares its code."""
    if len(digits) == 7 and digits[0] not in "08" and not has_plus:
        whole = f"8 {settings.CLINIC['area_code']} {digits[:3]}-{digits[3:5]}-{digits[5:]}"
        raise _error("local", whole=whole, meant=[whole])
    rest = _without_code(digits, has_plus=has_plus)
    if len(rest) == 10 and _exists(f"7{rest}"):
        return f"+7{rest}"
    if len(digits) == 10 and digits[0] in "78":
        rest = digits[1:]
    if len(rest) == 10:
        raise _error("unknown", code=rest[:3])
    if len(rest) < 4:
        raise _error("invalid")
    raise _error("short" if len(rest) < 10 else "long", count=len(rest))


def _without_code(digits: str, *, has_plus: bool) -> str:
    """Leaves out 8, 7, «+7 8», 8 10 7 and 00 7; ten digits without a plus are a number without a code."""
    if len(digits) > 12:
        digits = digits.removeprefix("810").removeprefix("00")
    if len(digits) == 12 and digits.startswith("78"):
        return digits[2:]
    return digits[1:] if digits[:1] in ("7", "8") and (has_plus or len(digits) != 10) else digits


def _error(code: str, /, **params: object) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params=params)


def part_of(text: str) -> str:
    """Returns the digits of any part of a number, as numbers are stored: those of «8 921 000-11-22» begin with 921."""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return digits[1:] if len(digits) == 11 and digits[0] in "78" else digits


def last_digits(number: str) -> str:
    """Returns the last four digits of a number, by which people on the line are told apart; empty without one."""
    return re.sub(r"\D", "", number)[-4:]


def shown(number: str) -> str:
    """Returns a number in E.164 as «+7 921 000-11-22»; empty without one."""
    if not number:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


class PhoneField(forms.CharField):
    """A form field for a number written in any way; its value is E.164, or empty where none is required.

    `gets_code`: a code is sent to the number, so that only a Russian mobile one will do. Nothing is cut: there is no
    longest text, because a browser leaves out what is longer without a word.
    """

    default_error_messages = MESSAGES

    def __init__(self, *, gets_code: bool = False, **options: Any) -> None:
        """Takes the options of a CharField."""
        usual: dict[str, Any] = {"widget": forms.TextInput({"inputmode": "tel"})}
        super().__init__(**usual | options)
        self.gets_code = gets_code

    def clean(self, value: object) -> str:
        text = super().clean(value)
        try:
            number = parse(text) if text else ""
        except ValidationError as error:
            raise self._said(error) from None
        if number and self.gets_code and not _RUSSIAN_MOBILE.fullmatch(number):
            raise ValidationError(self.error_messages["not_mobile"], code="not_mobile")
        return number

    def _said(self, error: ValidationError) -> ValidationError:
        """Returns the error in the words of this form."""
        if self.gets_code and error.code == "local":
            return ValidationError(self.error_messages["not_mobile"], code="not_mobile")
        return ValidationError(self.error_messages[error.code or "invalid"], code=error.code, params=error.params)


class PhonePartField(forms.CharField):
    """A form field for any part of a number that is looked for; its value is `part_of` it."""

    def to_python(self, value: object) -> str:
        return part_of(plain(str(value or "")))

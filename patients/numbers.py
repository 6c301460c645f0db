"""Series and numbers of documents: brought from what people type to one form, and checked (domain §2.4)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.text.signs import visible
from patients import birth_series
from patients.choices import DocumentKind

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_DIGIT_LOOKALIKES = str.maketrans("OОQIІL|З", "00011113")
CYRILLIC_LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_LATIN_LOOKALIKES = str.maketrans("АВСЕНКМОРТХУЁ", "ABCEHKMOPTXYE")
_WORDS = re.compile(r"\b(?:паспорт|свидетельство(?: о рождении)?|серия|сер|номер|ном)\b[.:]?", re.IGNORECASE)
_NUMBER_SIGN = re.compile(r"(?:(?<=[\d\s\-])|^)n[oо]?[.:°]* ?(?=[\doо])", re.IGNORECASE)
"""№ as it is typed in Latin. Where letters are free it may be one of them: there it stays."""
_COUNTRY = re.compile(r" ?\(\s*[A-Z]{3}\s*\)$")
_BETWEEN = r"[\s.\-/,:_]*"

_PATTERNS = {
    DocumentKind.RF_PASSPORT: (
        r"\d{4} \d{6}",
        _("Four digits of the series and six of the number: 4015 123456."),
    ),
    DocumentKind.RF_TRAVEL_PASSPORT: (r"\d{2} \d{7}", _("Two digits and seven digits: 75 1234567.")),
    DocumentKind.BIRTH_CERTIFICATE: (
        birth_series.PATTERN + r" \d{6}",
        _("Roman numeral, two letters and six digits: IV-АИ 123456."),
    ),
    DocumentKind.MILITARY_ID: (
        r"[А-ЯЁ]{2} \d{6,7}",
        _("Two Russian letters and six or seven digits: АБ 1234567."),
    ),
    DocumentKind.SERVICEMAN_ID: (r"[А-ЯЁ]{2} \d{7}", _("Two Russian letters and seven digits: АБ 1234567.")),
    DocumentKind.RESERVE_OFFICER_ID: (
        r"[А-ЯЁ]{2} \d{6,7}",
        _("Two Russian letters and six or seven digits: АБ 1234567."),
    ),
}
_FREE = (r"(?=.*\d)[0-9A-ZА-ЯЁ№ /\-]{1,25}", _("Up to 25 letters and digits, with at least one digit."))


def normalise(kind: DocumentKind, text: str) -> str:
    """Returns the canonical form, `4015 123456`, `IV-АИ 123456`; what cannot be understood is only upper-cased."""
    typed = _WORDS.sub(" ", visible(unicodedata.normalize("NFKC", text.replace("№", " "))).translate(_DASHES))
    typed = " ".join(typed.split())
    if kind in (DocumentKind.RF_PASSPORT, DocumentKind.RF_TRAVEL_PASSPORT):
        return _digits(typed.upper(), series=4 if kind == DocumentKind.RF_PASSPORT else 2)
    if kind == DocumentKind.BIRTH_CERTIFICATE:
        return _birth_certificate(typed)
    if kind in _PATTERNS:
        return _letters_and_digits(typed.upper())
    return " ".join(re.sub(r"[.,:]", " ", _COUNTRY.sub("", typed.upper())).split())


def clean(kind: DocumentKind, text: str) -> str:
    """Returns the canonical form. Raises ValidationError that shows what the right form looks like."""
    pattern, hint = _PATTERNS.get(kind, _FREE)
    number = normalise(kind, text)
    if not re.fullmatch(pattern.replace(r"\d", "[0-9]"), number):
        raise ValidationError(hint, code="document_number")
    return number


def as_typed(kind: DocumentKind, text: str) -> tuple[str, str]:
    """Returns a number as it is kept, and what the right form looks like where it could not be read.

    What cannot be read is kept as it was typed: the number is optional, and no visit may rest on it (R7).
    """
    try:
        return clean(kind, text), ""
    except ValidationError as unread:
        return visible(text), unread.messages[0]


def key(number: str) -> str:
    """Returns what is the same for all spellings of one number: no signs between, one alphabet for what looks alike.

    «А1234567» is one number in Russian and in Latin letters, with a space or without.
    """
    signs = number.upper().translate(_LATIN_LOOKALIKES)
    return "".join(sign for sign in signs if sign.isalnum())


def _digits(text: str, *, series: int) -> str:
    digits = re.sub(_BETWEEN, "", _NUMBER_SIGN.sub(" ", text)).translate(_DIGIT_LOOKALIKES)
    return f"{digits[:series]} {digits[series:]}" if digits.isdecimal() else text


def _letters_and_digits(text: str) -> str:
    parts = re.fullmatch(rf"([^\W\d_]{{2}}){_BETWEEN}((?:[\dOО]{_BETWEEN})+)", _NUMBER_SIGN.sub(" ", text))
    return f"{parts[1].translate(CYRILLIC_LOOKALIKES)} {_number(parts[2])}" if parts else text


def _birth_certificate(typed: str) -> str:
    parts = re.fullmatch(
        rf"(.+?){_BETWEEN}([^\W\d_]{{2}}){_BETWEEN}((?:[\dOОoо]{_BETWEEN}){{6}})",
        _NUMBER_SIGN.sub(" ", typed),
    )
    numeral = birth_series.numeral(parts[1]) if parts else ""
    if not parts or not numeral:
        return typed.upper()
    return f"{numeral}-{parts[2].upper().translate(CYRILLIC_LOOKALIKES)} {_number(parts[3].upper())}"


def _number(text: str) -> str:
    return re.sub(_BETWEEN, "", text).translate(_DIGIT_LOOKALIKES)

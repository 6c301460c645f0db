"""Series and numbers of documents: brought from what people type to one form, and checked (domain §2.4)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patients.choices import DocumentKind

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_ROMAN_LOOKALIKES = str.maketrans("1УХЛСІ", "IVXLCI")
_CYRILLIC_LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_BIRTH_SERIES = r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})-[А-ЯЁ]{2}"

_PATTERNS = {
    DocumentKind.RF_PASSPORT: (
        r"\d{4} \d{6}",
        _("Four digits of the series and six of the number: 4015 123456."),
    ),
    DocumentKind.RF_TRAVEL_PASSPORT: (r"\d{2} \d{7}", _("Two digits and seven digits: 75 1234567.")),
    DocumentKind.BIRTH_CERTIFICATE: (
        _BIRTH_SERIES + r" \d{6}",
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
    text = " ".join(text.upper().translate(_DASHES).replace("№", " ").split())
    if kind in (DocumentKind.RF_PASSPORT, DocumentKind.RF_TRAVEL_PASSPORT):
        digits = re.sub(r"[ \-]", "", text)
        series = 4 if kind == DocumentKind.RF_PASSPORT else 2
        return f"{digits[:series]} {digits[series:]}" if digits.isdecimal() else text
    if kind == DocumentKind.BIRTH_CERTIFICATE:
        return _birth_certificate(text)
    if kind in _PATTERNS:
        parts = re.fullmatch(r"(\D{2}) ?(\d+)", text)
        return f"{parts[1].translate(_CYRILLIC_LOOKALIKES)} {parts[2]}" if parts else text
    return text


def _birth_certificate(text: str) -> str:
    parts = re.fullmatch(r"(\w+)\s*-?\s*([^\W\d]{2})\s*(\d{6})", text)
    if not parts:
        return text
    roman, letters, number = parts.groups()
    return f"{roman.translate(_ROMAN_LOOKALIKES)}-{letters.translate(_CYRILLIC_LOOKALIKES)} {number}"


def clean(kind: DocumentKind, text: str) -> str:
    """Returns the canonical form. Raises ValidationError that shows what the right form looks like."""
    pattern, hint = _PATTERNS.get(kind, _FREE)
    number = normalise(kind, text)
    if not re.fullmatch(pattern.replace(r"\d", "[0-9]"), number):
        raise ValidationError(hint, code="document_number")
    return number

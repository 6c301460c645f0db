"""The text of the search box is kept in the session and read as a registrar means it."""

import re

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from foundation.text.date_fields import BirthDateField
from foundation.text.phones import PhoneField

_ASKED = "asked"


def keep_asked(request: HttpRequest) -> None:
    """Keeps the text in the session with its page: a name or a phone never stands in an address."""
    text = request.POST.get("q", "").replace("\x00", "").strip()[:100]
    if text:
        request.session[_ASKED] = {"page": request.path, "text": text}
    else:
        request.session.pop(_ASKED, None)


def asked_on(page: str, request: HttpRequest) -> str:
    """Returns what is being looked for on that page; a search made for another time is not answered again."""
    kept = request.session.get(_ASKED, {})
    return kept["text"] if kept.get("page") == page else ""


def as_person(text: str) -> dict[str, object]:
    """Returns the same text as the first values of a new record: a birth date, a phone, or a name."""
    text = " ".join(text.replace("\x00", "").split())
    for name, field in (("birth_date", BirthDateField()), ("phone", PhoneField())):
        if re.fullmatch(r"[\d+()\-. /]{6,}", text):
            try:
                return {name: field.clean(text) and text}
            except ValidationError:
                continue
    if not text or any(letter.isdigit() for letter in text):
        return {}
    names = ("last_name", "first_name", "patronymic")
    return {name: word[:1].upper() + word[1:] for name, word in zip(names, text.split(maxsplit=2), strict=False)}

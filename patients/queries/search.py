"""The search box of the registrar: it finds a patient by whatever was said or shown."""

import re
import sys
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q

from foundation.database.read_models import columns
from foundation.database.rows import fetch
from foundation.text import phones
from patients import numbers
from patients.choices import DocumentKind
from patients.fields import blind_index
from patients.models import IdentityDocument, Patient
from patients.queries.spellings import as_stored, spellings

SHOWN = 20
SEARCHED_DOCUMENTS = (DocumentKind.RF_PASSPORT, DocumentKind.BIRTH_CERTIFICATE, DocumentKind.RF_TRAVEL_PASSPORT)
_DATE = re.compile(r"(\d{1,2})[.\-/ ]?(\d{2})[.\-/ ]?(\d{4})")


def patients(text: str) -> list[Patient]:
    """Finds patients by surname and initials, phone or its last four digits, birth date, card or document number."""
    if wanted := _condition(as_stored(text)):
        return list(Patient.objects.filter(wanted).order_by("search_name", "birth_date")[:SHOWN])
    for name in spellings(text):
        words = re.findall(r"[^\W\d_][\w'’-]*", name)
        if words and (found := _named(words)):
            return found
    return []


_NAMED = f"""
    SELECT {columns(Patient, "patient")} FROM patients_patient patient WHERE id IN (
        SELECT id FROM patients_patient
        WHERE search_name COLLATE "C" >= %(first)s AND search_name COLLATE "C" < %(after)s AND search_name ~ %(all)s
        ORDER BY search_name COLLATE "C", birth_date LIMIT %(shown)s
    ) ORDER BY search_name COLLATE "C", birth_date
"""


def _named(words: list[str]) -> list[Patient]:
    """Finds names by «ива п с»: the first word begins the surname, each further word the next part of the name.

    The index is in order: it is left as soon as the screen is full.
    """
    beginnings = "^" + r"[^ ]* ".join(re.escape(word) for word in words)
    first, last = words[0], words[0] + chr(sys.maxunicode)
    values = {"first": first, "after": last, "all": beginnings, "shown": SHOWN}
    return fetch(Patient, _NAMED, values)


def _condition(text: str) -> Q | None:
    """Returns the condition of a search by anything but a name."""
    if birth_date := _as_date(text):
        return Q(birth_date=birth_date)
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"[мm]-?\d+", text):
        return Q(card_number=f"М-{int(digits):06d}")
    if len(digits) == 4 and digits == text:
        return Q(phone_tail=digits)
    documents = _of_document(text)
    if len(digits) < 7 and documents is None:
        return None
    # A foreign number is often read out without its plus.
    of_phone = Q(phone__in={phones.e164(text), phones.e164(f"+{digits}")} - {""})
    return of_phone if documents is None else documents | of_phone


def _of_document(text: str) -> Q | None:
    """Finds by the blind index alone those who showed a document with this number, and those it was shown for."""
    indexes = []
    for kind in SEARCHED_DOCUMENTS:
        try:
            indexes.append(blind_index(numbers.clean(kind, text)))
        except ValidationError:
            continue
    if not indexes:
        return None
    found = IdentityDocument.objects.filter(number_index__in=indexes)
    return Q(pk__in=found.values("patient_id")) | Q(pk__in=found.values("representation__patient_id"))


def _as_date(text: str) -> date | None:
    if not (parts := _DATE.fullmatch(text)):
        return None
    try:
        return datetime.strptime("{}.{}.{}".format(*parts.groups()), "%d.%m.%Y").date()
    except ValueError:
        return None

"""The search box of the desk and of calls: it finds a patient by whatever was said or shown (U13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.clock import day_bounds
from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch
from foundation.text.layouts import in_other_layout
from patients import numbers
from patients.ages import MAJORITY, latest_birth
from patients.choices import DocumentKind
from patients.fields import blind_indexes
from patients.models import Patient, Representation
from patients.queries import readings
from patients.queries.readings import Asked
from patients.queries.spellings import one_slip_from
from scheduling.choices import ACTIVE, listed

SHOWN = 20
LOOKED_AT = 300
"""So many keys are put in order at most; the people who come today are among them in any case."""
SEARCHED_DOCUMENTS = (DocumentKind.RF_PASSPORT, DocumentKind.BIRTH_CERTIFICATE, DocumentKind.RF_TRAVEL_PASSPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(ReadModel):
    """A patient, and through whom they were found when it was not by their own name or number."""

    patient: Patient
    through: Representation | None
    comes_today: bool


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Those who were meant; `read_as` is how the text was understood when it was typed in the other layout.

    `guessed`: nobody is called so, these are the names that are nearly the same.
    """

    people: list[Found]
    read_as: str = ""
    guessed: bool = False


def find(text: str) -> FoundPeople:
    """Finds by name, birth date, phone or the end of one, card, document: the surest first, who comes today before.

    What nobody is called is read as typed in the other layout, then with a slip of the finger in one word.
    """
    text = text.replace("\x00", "")
    ways = list(dict.fromkeys([text, *in_other_layout(text)]))
    for look, among in ((_as_typed, ways), (_with_a_slip, ways[:2])):
        for way in among:
            if people := look(way):
                return FoundPeople(people, way if way != text else "", guessed=look is _with_a_slip)
    return FoundPeople([])


def _as_typed(text: str) -> list[Found]:
    documents = _documents(text)
    found = (_find(asked, documents=documents) for asked in readings.of(text))
    return next(filter(None, found), [])


def _with_a_slip(text: str) -> list[Found]:
    spellings = one_slip_from(readings.words_of(text))
    found = (_find(asked) for asked in readings.respelt(text, spellings)) if spellings else iter(())
    return next(filter(None, found), [])


def _find(asked: Asked, *, documents: Sequence[str] = ()) -> list[Found]:
    return fetch(Found, _FIND, _values(asked, documents))


def _values(asked: Asked, documents: Sequence[str]) -> dict[str, Any]:
    today = timezone.localdate()
    begins, ends = day_bounds(today)
    return {
        "first": [reading.first for reading in asked.readings],
        "after": [reading.after for reading in asked.readings],
        "rest": [reading.rest for reading in asked.readings],
        "whole": [reading.whole for reading in asked.readings],
        "words": asked.words,
        "year": asked.year,
        "documents": list(documents),
        "from": begins,
        "until": ends,
        "adults_born_by": latest_birth(today, MAJORITY),
        "looked_at": LOOKED_AT,
        "shown": SHOWN,
    }


def _documents(text: str) -> list[str]:
    """Returns the keyed hashes of a document's number: who showed it, and for whom, is found by nothing else."""
    found: list[str] = []
    for kind in SEARCHED_DOCUMENTS:
        try:
            found += blind_indexes(numbers.clean(kind, text))
        except ValidationError:
            continue
    return found


_MATCHES = "key >= reading.first AND key < reading.after AND (reading.rest = '' OR key ~ reading.rest)"
_FIND = f"""
    WITH reading AS MATERIALIZED (
        SELECT * FROM unnest(%(first)s::text[], %(after)s::text[], %(rest)s::text[], %(whole)s::text[])
            WITH ORDINALITY AS reading(first, after, rest, whole, place)
    ), today AS MATERIALIZED (
        SELECT DISTINCT patient_id FROM scheduling_appointment
        WHERE starts_at >= %(from)s AND starts_at < %(until)s AND status IN ({listed(ACTIVE)})
    ), hit AS (
        (
            SELECT hit.patient_id, hit.representation_id, hit.key ~ reading.whole AS whole, reading.place
            FROM reading CROSS JOIN LATERAL (
                SELECT * FROM patients_personsearch WHERE {_MATCHES} ORDER BY key LIMIT %(looked_at)s
            ) hit LIMIT %(looked_at)s
        )
        UNION ALL
        SELECT hit.patient_id, hit.representation_id, hit.key ~ reading.whole, reading.place
        FROM today JOIN patients_personsearch hit USING (patient_id) JOIN reading ON {_MATCHES}
        UNION ALL
        SELECT coalesce(shown.merged_into_id, shown.id), document.representation_id, true, 0
        FROM patients_identitydocument document
        LEFT JOIN patients_representation owner ON owner.id = document.representation_id
        JOIN patients_patient shown ON shown.id = coalesce(document.patient_id, owner.patient_id)
        WHERE document.number_index = ANY(%(documents)s) AND document.number_index <> ''
    ), best AS (
        SELECT DISTINCT ON (patient_id) patient_id, representation_id, whole FROM hit
        ORDER BY patient_id, whole DESC, representation_id IS NOT NULL, place, representation_id
    )
    SELECT {nested_columns(patient=Patient, through=Representation)}, today.patient_id IS NOT NULL AS comes_today
    FROM best JOIN patients_patient patient ON patient.id = best.patient_id
    LEFT JOIN patients_representation through ON through.id = best.representation_id
    LEFT JOIN today ON today.patient_id = patient.id
    WHERE (best.representation_id IS NULL OR patient.birth_date > %(adults_born_by)s)
        AND (%(year)s::int IS NULL OR extract(year FROM patient.birth_date) = %(year)s)
        AND NOT EXISTS (
            SELECT FROM unnest(%(words)s::text[]) word WHERE NOT EXISTS (
                SELECT FROM patients_personsearch own WHERE own.patient_id = patient.id AND own.key ~ word
            )
        )
    ORDER BY best.whole DESC, comes_today DESC, best.representation_id IS NOT NULL,
        patient.search_name COLLATE "C", patient.birth_date, patient.id
    LIMIT %(shown)s
"""

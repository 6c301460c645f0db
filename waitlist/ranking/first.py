"""Chooses and locks the first of the patients whom a freed slot fits."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch_first
from patients import contact
from waitlist.ranking.search import Fit


class First(NamedTuple):
    fit: Fit
    number: str
    """The phone number to call, E.164; empty when there is none."""


def lock_first(fits: list[Fit]) -> First | None:
    """Locks the first entry that still waits and returns it; None when there is none.

    An entry locked by another worker is waited for: if that worker fails, passing it over would lose this time for the
    patient.
    """
    by_entry = {fit.entry.pk: fit for fit in reversed(fits)}
    ids = list(dict.fromkeys(fit.entry.pk for fit in fits))
    first = fetch_first(_Awaited, _STILL_WAITING, {"ids": ids} | contact.number_today()) if ids else None
    return First(by_entry[first.entry], first.number) if first else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Awaited(ReadModel):
    entry: UUID
    number: str


_STILL_WAITING = f"""
    SELECT entry.id AS entry, {contact.NUMBER} AS number
    FROM waitlist_waitlistentry entry
    JOIN patients_patient patient ON patient.id = entry.patient_id
    LEFT JOIN patients_representation representation ON representation.id = entry.representation_id
    WHERE entry.id = ANY(%(ids)s) AND entry.state = 'waiting' AND NOT EXISTS (
        SELECT FROM waitlist_slotoffer offer WHERE offer.entry_id = entry.id AND offer.state = 'open'
    )
    ORDER BY array_position(%(ids)s, entry.id) LIMIT 1 FOR UPDATE OF entry
"""

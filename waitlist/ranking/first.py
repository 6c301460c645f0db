"""Chooses and locks the first of the patients whom a freed slot fits and who may be phoned now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch_first, fetch_values
from patients import contact
from patients.choices import ContactWay
from waitlist import contacts, numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class First(ReadModel):
    """The one who is to be phoned first."""

    entry: UUID
    number: str
    """The phone number to call, E.164; empty when there is none."""


def lock_first(entries: Sequence[UUID], *, now: datetime, agreed: Collection[UUID] = ()) -> First | None:
    """Locks the first of these entries that still waits and whom the clinic may phone now; None without one.

    Those who have `agreed` in writing to the time may be people who ask to be written to: nobody is dialled then.

    An entry locked by another worker is waited for: if that worker fails, passing it over would lose this time for the
    patient.
    """
    values = {"ids": list(entries), "now": now, "agreed": list(agreed)}
    values |= contact.number_today() | contacts.parameters(now)
    return fetch_first(First, _STILL_WAITING, values) if entries else None


def may_be_phoned_at(entries: Sequence[UUID], *, now: datetime) -> datetime | None:
    """Returns the moment, later than `now`, at which the first pause of these people ends; None without one."""
    values = {"ids": list(entries), "now": now} | contact.number_today()
    ends: list[datetime | None] = fetch_values(_PAUSE_ENDS, values)
    return ends[0]


_KEY = f"COALESCE(NULLIF({numbers.NUMBER}, ''), patient.id::text)"
"""What one claim covers: `Task.claim_key`."""
_PEOPLE = """
    FROM waitlist_waitlistentry entry
    JOIN patients_patient patient ON patient.id = entry.patient_id
    LEFT JOIN patients_representation representation ON representation.id = entry.representation_id
"""
_MAY_BE_PHONED = f"patient.contact_way <> '{ContactWay.WRITING}'"
_PAUSE_ENDS = f"""
    SELECT min(pause.ends) {_PEOPLE}
    LEFT JOIN worklist_claim claim ON claim.key = {_KEY} AND claim.until > %(now)s
    LEFT JOIN worklist_phonednumber phoned ON phoned.key = {_KEY} AND phoned.paused_until > %(now)s
    CROSS JOIN LATERAL (
        SELECT GREATEST(entry.not_before, entry.rests_until, claim.until, phoned.paused_until) AS ends
    ) pause
    WHERE entry.id = ANY(%(ids)s) AND {_MAY_BE_PHONED} AND pause.ends > %(now)s
"""
_STILL_WAITING = f"""
    SELECT entry.id AS entry, {numbers.NUMBER} AS number {_PEOPLE}
    WHERE entry.id = ANY(%(ids)s) AND entry.state = 'waiting' AND (entry.not_before <= %(now)s) IS NOT FALSE
        AND (entry.rests_until <= %(now)s) IS NOT FALSE AND ({_MAY_BE_PHONED} OR entry.id = ANY(%(agreed)s))
        AND NOT EXISTS (SELECT FROM worklist_claim claim WHERE claim.key = {_KEY} AND claim.until > %(now)s)
        AND NOT EXISTS (
            SELECT FROM worklist_phonednumber phoned WHERE phoned.key = {_KEY} AND phoned.paused_until > %(now)s
        )
        AND NOT ({contacts.OFTEN_ENOUGH})
    ORDER BY array_position(%(ids)s, entry.id) LIMIT 1 FOR UPDATE OF entry
"""

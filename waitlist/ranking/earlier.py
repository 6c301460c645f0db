"""Patients with a visit ahead that meets their wish are offered earlier times alone, by days worth it (W10)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.database.read_models import ReadModel
from foundation.database.rows import fetch, fetch_values
from scheduling.choices import UPCOMING, listed
from waitlist.ranking.services import WaitsForService

MEETING = f"""
    FROM scheduling_appointment visit JOIN scheduling_service given ON given.id = visit.service_id
    WHERE visit.patient_id = {{patient}} AND visit.status IN ({listed(UPCOMING)}) AND visit.starts_at > %(now)s
        AND given.specialty_id = {{specialty}} AND ({{service}} IS NULL OR given.id = {{service}})
"""
"""Visits ahead that meet a wish: as `waitlist.actions.met` says, those of the service, or of the specialty."""
_OF_ENTRY = MEETING.format(patient="entry.patient_id", specialty="entry.specialty_id", service="entry.service_id")
IS_EARLIER = f"""(
    SELECT 1 {_OF_ENTRY} AND visit.starts_at < %(starts_at_{{number}})s + %(gain)s::interval LIMIT 1
) IS NULL"""
"""The condition in SQL of a start for an entry, among its wishes; its values are those of `parameters`."""
_OF_WISH = MEETING.format(patient="%(patient)s", specialty="%(specialty)s", service="%(service)s::uuid")


def parameters(now: datetime) -> Mapping[str, object]:
    return {"now": now, "gain": gain()}


def gain() -> timedelta:
    """Returns how much earlier than the visit a time has to be to be offered."""
    return max(timedelta(days=settings.MIN_GAIN_DAYS), datetime.resolution)


def visit_ahead(wish: WaitsForService, *, patient: UUID, now: datetime) -> UUID | None:
    """Returns the nearest visit of the patient that meets the wish: the one they would give up for an earlier time."""
    found: list[UUID] = fetch_values(
        f"SELECT visit.id {_OF_WISH} ORDER BY visit.starts_at LIMIT 1", _values(wish, patient, now)
    )
    return found[0] if found else None


def useful_before(wish: WaitsForService, *, patient: UUID, now: datetime) -> datetime | None:
    """Returns the moment before which a start is of use to the patient; None when no visit of theirs meets the wish."""
    nearest: list[datetime | None] = fetch_values(
        f"SELECT min(visit.starts_at) {_OF_WISH}", _values(wish, patient, now)
    )
    return nearest[0] - gain() + datetime.resolution if nearest[0] else None


def useful_before_each(entries: Collection[UUID], *, now: datetime) -> Mapping[UUID, datetime]:
    """Returns for each of these entries whose patient has a visit that meets it what `useful_before` returns."""
    visits = fetch(_VisitAhead, _OF_EACH, {"entries": list(entries), "now": now})
    return {each.entry: each.starts_at - gain() + datetime.resolution for each in visits}


@dataclass(frozen=True, slots=True, kw_only=True)
class _VisitAhead(ReadModel):
    entry: UUID
    starts_at: datetime


_OF_EACH = f"""
    SELECT entry.id AS entry, nearest.starts_at
    FROM waitlist_waitlistentry entry CROSS JOIN LATERAL (SELECT min(visit.starts_at) AS starts_at {_OF_ENTRY}) nearest
    WHERE entry.id = ANY(%(entries)s) AND nearest.starts_at IS NOT NULL
"""


def _values(wish: WaitsForService, patient: UUID, now: datetime) -> Mapping[str, object]:
    return {"patient": patient, "specialty": wish.specialty_id, "service": wish.service_id, "now": now}
